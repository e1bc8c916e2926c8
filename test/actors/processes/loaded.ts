// A process under load, made to be killed: see kill.test.ts. It says `warm` when it could begin, begins at the line
// that it is sent, says `loaded` when it is in full swing, and notes each acknowledgement in a file, at once.
import { openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { start } from 'reenact'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import { silentLogger } from '../../../src/testing/index.ts'
import { note } from '../kit/note.ts'
import { type LoadOrder, noteOf, outstanding, snapshotEvery, warmedUp } from './load-order.ts'

const [line] = await new Promise<string[]>((resolve) => {
  createInterface({ input: process.stdin }).once('line', (first) => resolve([first]))
  process.stdout.write('warm\n')
})
const { path, acknowledgements, prefix, again } = JSON.parse(line!) as LoadOrder
const file = openSync(acknowledgements, 'a')
const settings = { snapshotEvery, liveAggregates: 15 }
const system = await start({
  aggregates: [note],
  store: embeddedStore({ path }),
  logger: silentLogger,
  settings,
})

async function ask(commandId: string): Promise<void> {
  const { id, command } = noteOf(commandId)
  const outcome = await system.get(note, id).ask(command, { commandId })
  // In the file before anything else happens: the page cache outlives the process.
  writeSync(file, `${commandId} ${outcome.status} ${outcome.revision}\n`)
  if (++acknowledged === warmedUp) process.stdout.write('loaded\n')
}

let asked = 0
let acknowledged = 0
async function one(): Promise<void> {
  for (;;) {
    const commandId = again.shift() ?? `${prefix}-${asked++}`
    await ask(commandId)
  }
}

await Promise.all(Array.from({ length: outstanding }, one))
