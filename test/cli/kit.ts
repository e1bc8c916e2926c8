import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { embeddedStore, type System, start } from 'reenact'
import { silentLogger } from 'reenact/testing'
import { onTestFinished } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { run } from '../../src/cli/program.ts'
import { Terminal } from '../../src/cli/terminal.ts'

export const definitions = fileURLToPath(new URL('../../examples/bank/account.ts', import.meta.url))

/** A store with two accounts: Alice has three events, Bob one. */
export async function bankFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'command-line-'))
  await using system = await bankIn(path)
  const alice = system.get(account, 'alice')
  await alice.ask({ type: 'Open', owner: 'Alice' }, { commandId: 'first' })
  await alice.ask({ type: 'Deposit', amount: 50 }, { metadata: { user: 'teller 3' } })
  await alice.ask({ type: 'Withdraw', amount: 20 })
  await system.get(account, 'bob').ask({ type: 'Open', owner: 'Bob' })
  return path
}

export function bankIn(path: string): Promise<System> {
  return start({ aggregates: [account], store: embeddedStore({ path }), logger: silentLogger })
}

export const removed = (path: string): Promise<void> => rm(path, { recursive: true, force: true })

export interface Ran {
  readonly code: number
  readonly output: string
  readonly errors: string
}

export interface Running {
  readonly ended: Promise<Ran>
  /** Resolves when the output holds the text. */
  shows(text: string): Promise<void>
  /** Resolves with the first whole line of the output. */
  line(): Promise<string>
  interrupt(): void
}

/** Runs a command line in this process. `columns`: as if on a terminal of that width. */
export function running(line: readonly string[], columns?: number): Running {
  const output = Object.assign(new PassThrough(), columns === undefined ? {} : { columns })
  const errors = new PassThrough()
  const stopping = new AbortController()
  onTestFinished(() => stopping.abort())
  let shown = ''
  let told = ''
  const waiting = new Map<string, () => void>()
  output.setEncoding('utf8').on('data', (text: string) => {
    shown += text
    for (const [wanted, resolve] of waiting) if (shown.includes(wanted)) resolve()
  })
  errors.setEncoding('utf8').on('data', (text: string) => {
    told += text
  })
  const context = { terminal: new Terminal({ output, errors }), signal: stopping.signal }
  const finished = run(line, context, '1.2.3')
  const shows: Running['shows'] = (text) =>
    new Promise((resolve) => {
      waiting.set(text, resolve)
      if (shown.includes(text)) resolve()
    })
  return {
    ended: finished.then(async (code) => {
      // What was written last is still on its way through the streams.
      await new Promise((resolve) => setImmediate(resolve))
      return { code, output: shown, errors: told }
    }),
    shows,
    async line() {
      await shows('\n')
      return shown.slice(0, shown.indexOf('\n'))
    },
    interrupt: () => stopping.abort(),
  }
}

export function ran(...line: readonly string[]): Promise<Ran> {
  return running(line).ended
}
