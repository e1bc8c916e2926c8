import { createInterface } from 'node:readline'
import type { System } from 'reenact'
import type { note } from '../kit/note.ts'

/** Asks each of the commands at once; says their outcomes when all are there. */
export interface AskOrder {
  readonly id: string
  readonly commands: readonly { readonly command: object; readonly commandId: string }[]
}

/** Does what this process is told, line by line, until nothing more comes: see two-processes.ts. */
export async function obey(system: System, definition: typeof note): Promise<void> {
  const say = (what: unknown): void => void process.stdout.write(`${JSON.stringify(what)}\n`)
  say({ system: system.id })
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, commands } = JSON.parse(line) as AskOrder
    const reference = system.get(definition, id)
    say(
      await Promise.all(
        commands.map(({ command, commandId }) => reference.ask(command as never, { commandId })),
      ),
    )
  }
  await system.stop()
}
