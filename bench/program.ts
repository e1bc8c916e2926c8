import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * The number that a program of this folder prints, run in a process of its own: as in a user's process there is one
 * store and one engine, and V8 compiles for them alone. One after the other in one process, each would run the code that
 * suits them all.
 * @param input what the program gets, as JSON.
 */
export async function numberOf(program: string, input: unknown): Promise<number> {
  const file = join(import.meta.dirname, 'programs', program)
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    file,
    JSON.stringify(input),
  ])
  return Number(stdout)
}

/** What `numberOf` was given. */
export function inputOf<Input>(): Input {
  return JSON.parse(process.argv[2] ?? '{}') as Input
}
