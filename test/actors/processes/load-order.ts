/** What a process under load is told to do. */
export interface LoadOrder {
  readonly path: string
  /** The file that it notes acknowledged commands in. */
  readonly acknowledgements: string
  /** Of the ids of its own commands: `<prefix>-0`, `<prefix>-1` ... */
  readonly prefix: string
  /** Commands of a process before it, whose callers ask again. */
  readonly again: string[]
}

export const outstanding = 200
/** So many acknowledged commands, and the process is in full swing. */
export const warmedUp = 20
export const snapshotEvery = 40
export const notes: readonly string[] = Array.from({ length: 20 }, (_, nth) => `${nth}`)

/** The command of this id, and the note that it is for: the same whoever asks it. */
export function noteOf(commandId: string) {
  const number = Number(commandId.slice(commandId.lastIndexOf('-') + 1))
  const id = notes[number % notes.length]!
  const command =
    number % 3 === 0 ? ({ type: 'Divide' } as const) : ({ type: 'Rename', title: commandId } as const)
  return { id, command, events: number % 3 === 0 ? 3 : 1 }
}
