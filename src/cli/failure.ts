/** What the process ends with. */
export const exitCodes = {
  done: 0,
  /** The store, the definitions or the machine failed, or `check` found warnings; the message says how. */
  failed: 1,
  /** The command line is not understood. */
  wrongUsage: 2,
  /** There is no such store, stream, aggregate, revision or time. */
  notFound: 3,
  /** Ended by Ctrl-C or SIGTERM. */
  interrupted: 130,
} as const

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

/** A command ends here, with a message for people and its exit code. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed'
  readonly exitCode: ExitCode
  constructor(exitCode: ExitCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.exitCode = exitCode
  }
}

export function wrongUsage(message: string): CommandFailed {
  return new CommandFailed(exitCodes.wrongUsage, message)
}

export function notFound(message: string): CommandFailed {
  return new CommandFailed(exitCodes.notFound, message)
}
