import type { Terminal } from './terminal.ts'

/** What every command is given beside its own options. */
export interface CommandContext {
  readonly terminal: Terminal
  /** Aborts at Ctrl-C, and when nobody reads the output any more. */
  readonly signal: AbortSignal
}

/** The options of every command. */
export interface CommonOptions {
  readonly json?: boolean
}

export interface StoreOptions extends CommonOptions {
  readonly store: string
}
