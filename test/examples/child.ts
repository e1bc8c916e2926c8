import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const loader = import.meta.resolve('tsx')

export interface Ended {
  /** `null` where a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface Child {
  readonly process: ChildProcess
  readonly ended: Promise<Ended>
}

/** Runs a TypeScript file of the repository as a process of its own, as `npm start` does; it ends with the test. */
export function child(
  file: string,
  args: readonly string[],
  folder: string,
  onOutput: (process: ChildProcess, stdout: string) => void = () => undefined,
): Child {
  const path = fileURLToPath(new URL(`../../${file}`, import.meta.url))
  const running = spawn(
    process.execPath,
    ['--conditions=reenact-source', '--import', loader, path, ...args],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let stdout = ''
  let stderr = ''
  running.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    onOutput(running, stdout)
  })
  running.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  onTestFinished(() => {
    if (!running.kill('SIGKILL')) return
    console.error(`${file} ${args.join(' ')} had not ended. It wrote:\n${stdout}${stderr}`)
  })
  const ended = new Promise<Ended>((resolve, reject) => {
    running.on('error', reject)
    running.on('close', (code) => resolve({ code, stdout, stderr }))
  })
  return { process: running, ended }
}
