#!/usr/bin/env node
import { createRequire } from 'node:module'
import { run } from './program.ts'
import { Terminal } from './terminal.ts'

const terminal = new Terminal({ output: process.stdout, errors: process.stderr })
const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // Not process.exit: lmdb may hang in it for ever while a transaction is under way (kriszyp/lmdb-js#336).
    if (stopping.signal.aborted) process.kill(process.pid, 'SIGKILL')
    stopping.abort()
  })
}
const signal = AbortSignal.any([stopping.signal, terminal.closed])
const { version } = createRequire(import.meta.url)('reenact/package.json') as { readonly version: string }

process.exitCode = await run(process.argv.slice(2), { terminal, signal }, version)
