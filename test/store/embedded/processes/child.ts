import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

/** An append of two events that a child was told is written: the revision and position of its last event. */
export interface Acknowledged {
  readonly stream: string
  readonly id: string
  readonly revision: number
  readonly position: number
}

export interface WriterArguments {
  readonly path: string
  readonly system: string
  readonly category: string
  readonly streams: number
  readonly appends: number
  /** Of each event. Default: 50. */
  readonly bytes?: number
  /** Streams between two checkpoints of heads. Default: 30, so that there are many of them. */
  readonly checkpoint?: number
}

export interface Writer {
  /** What it was acknowledged, batch by batch; ends with the process. */
  readonly batches: AsyncIterable<readonly Acknowledged[]>
  readonly exit: Promise<number | NodeJS.Signals>
  kill(): void
}

/** Starts `writer.ts` as a process of its own. */
export function startWriter(given: WriterArguments): Writer {
  const { path, system, category, streams, appends, bytes = 50, checkpoint = 30 } = given
  const script = join(import.meta.dirname, 'writer.ts')
  const flags = ['--conditions=reenact-source', '--import', 'tsx']
  const child: ChildProcess = spawn(
    process.execPath,
    [
      ...flags,
      script,
      path,
      system,
      category,
      String(streams),
      String(appends),
      String(bytes),
      String(checkpoint),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const exit = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('exit', (code, signal) => resolve(code ?? signal ?? 'SIGKILL'))
  })
  const batches = async function* (): AsyncGenerator<readonly Acknowledged[]> {
    for await (const line of createInterface({ input: child.stdout! })) {
      // A killed process may leave half of a line; nobody was told what it says.
      if (line.endsWith(']')) yield JSON.parse(line) as readonly Acknowledged[]
    }
  }
  return { batches: batches(), exit, kill: () => void child.kill('SIGKILL') }
}

export async function acknowledgedBy({ batches }: Writer): Promise<readonly Acknowledged[]> {
  const all: Acknowledged[] = []
  for await (const batch of batches) all.push(...batch)
  return all
}
