// A process with a system of its own that does what it is told, line by line: see two-processes.test.ts.
import { createInterface } from 'node:readline'
import { start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from '../../../../src/testing/index.ts'
import { noteNamed } from '../../../actors/kit/note.ts'

/** Asks each of the commands at once; says their outcomes when all are there. */
export interface AskOrder {
  readonly id: string
  readonly commands: readonly { readonly command: object; readonly commandId: string }[]
}

const [connectionString = '', category = ''] = process.argv.slice(2)
const note = noteNamed(category)
const system = await start({
  aggregates: [note],
  store: eventStoreDB({ connectionString }),
  logger: silentLogger,
})
const say = (what: unknown): void => void process.stdout.write(`${JSON.stringify(what)}\n`)
say({ system: system.id })

for await (const line of createInterface({ input: process.stdin })) {
  const { id, commands } = JSON.parse(line) as AskOrder
  const reference = system.get(note, id)
  say(
    await Promise.all(
      commands.map(({ command, commandId }) => reference.ask(command as never, { commandId })),
    ),
  )
}
await system.stop()
process.exit(0)
