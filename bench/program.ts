import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * What a program of this folder prints, as JSON, run in a process of its own: as in a user's process there is one store
 * and one engine, and V8 compiles for them alone. One after the other in one process, each would run the code that
 * suits them all.
 * @param input what the program gets, as JSON.
 */
export async function outputOf<Output>(program: string, input: unknown): Promise<Output> {
  const file = join(import.meta.dirname, 'programs', program)
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...process.execArgv,
    file,
    JSON.stringify(input),
  ])
  return JSON.parse(stdout) as Output
}

/** The same several times, one after the other: what a busy machine does to one of them is not the figure. */
export async function outputsOf<Output>(
  processes: number,
  program: string,
  input: unknown,
): Promise<readonly Output[]> {
  const outputs: Output[] = []
  for (let nth = 0; nth < processes; nth++) outputs.push(await outputOf<Output>(program, input))
  return outputs
}

/** What the program was given. */
export function inputOf<Input>(): Input {
  return JSON.parse(process.argv[2] ?? '{}') as Input
}
