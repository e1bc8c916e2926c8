import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const repository = new URL('../../../', import.meta.url)

/**
 * Makes one file of a program of this folder, which starts in a fifth of the time that its modules take.
 * @returns the file; beside the installed packages, so that it finds those that cannot be put into it.
 */
export async function bundled(program: string): Promise<string> {
  const file = fileURLToPath(
    new URL(`node_modules/.cache/reenact-tests/${process.pid}-${program}.mjs`, repository),
  )
  await build({
    entryPoints: [fileURLToPath(new URL(`./${program}.ts`, import.meta.url))],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    conditions: ['reenact-source'],
    external: ['lmdb', 'nact', 'pino'],
    logLevel: 'warning',
  })
  return file
}

/** A program as a process of its own, talked to by lines. */
export class Child {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<void>
  #errors = ''

  constructor(file: string, args: readonly string[] = []) {
    this.#process = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    this.#process.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    this.#lines = createInterface({ input: this.#process.stdout! })[Symbol.asyncIterator]()
    this.#ended = new Promise((resolve) => void this.#process.on('close', () => resolve()))
  }

  send(order: object): void {
    this.#process.stdin!.write(`${JSON.stringify(order)}\n`)
  }

  /** The next line that it says. */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`The process ended by itself: ${this.#errors}`)
    return value
  }

  /** Nothing more will be sent: it ends by itself. */
  async end(): Promise<void> {
    this.#process.stdin!.end()
    await this.#ended
  }

  /** What it wrote to its error output. */
  get errors(): string {
    return this.#errors
  }

  /** `kill -9`: resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }
}
