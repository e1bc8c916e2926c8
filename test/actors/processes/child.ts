import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A program as a process of its own, talked to by lines. */
export class Child {
  readonly #process: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #ended: Promise<void>
  #errors = ''

  constructor(file: string, args: readonly string[] = []) {
    this.#process = spawn(process.execPath, [file, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
    // What was on its way to a process that is killed is lost with it.
    this.#process.stdin!.on('error', () => undefined)
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
