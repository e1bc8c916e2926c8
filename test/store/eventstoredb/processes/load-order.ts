/** What a process under load is told to do: see `loaded.ts`. */
export interface LoadOrder {
  readonly connectionString: string
  /** The name of the aggregates, which nobody else uses on this server. */
  readonly category: string
  /** The file that it notes outcomes in, one line each. */
  readonly outcomes: string
  /** Of the ids of its own commands: `<prefix>-0`, `<prefix>-1` ... */
  readonly prefix: string
  /** Commands of a process before it, whose callers ask again. */
  readonly again: readonly string[]
  readonly aggregates: number
  /** `until told`: a line on its input ends it. */
  readonly commands: number | 'until told'
  readonly outstanding: number
  /** How long a caller waits before it asks the same again. */
  readonly timeoutMs: number
  /** `deaf`: it hears of the writes of others by its conflicts alone. */
  readonly tail: 'followed' | 'deaf'
}

/** What a process under load says in the end. */
export interface LoadReport {
  readonly answered: number
  readonly conflicts: number
  readonly refreshed: number
  /** How often a caller got no outcome and asked again, by the name of the error. */
  readonly again: Readonly<Record<string, number>>
  readonly seconds: number
}

/** One line of the file of outcomes. */
export interface NotedOutcome {
  readonly commandId: string
  readonly revision: number
  /** By the clock of the machine. */
  readonly at: number
}

/** Every tenth command is asked by all processes, under one id. */
export const commandIdOf = (prefix: string, number: number): string =>
  number % 10 === 0 ? `all-${number}` : `${prefix}-${number}`

/** The command of this id, and the aggregate that it is for: the same whoever asks it. */
export function commandOf(commandId: string, aggregates: number) {
  const number = Number(commandId.slice(commandId.lastIndexOf('-') + 1))
  const id = String(Math.floor(number / 3) % aggregates)
  const command =
    number % 3 === 0 ? ({ type: 'Divide' } as const) : ({ type: 'Rename', title: commandId } as const)
  return { id, command, events: number % 3 === 0 ? 3 : 1 }
}
