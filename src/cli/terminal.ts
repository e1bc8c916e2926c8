import type { Writable } from 'node:stream'
import { styleText } from 'node:util'

/** The streams of a process, or a test's own. */
export interface TerminalStreams {
  readonly output: Writable & { readonly columns?: number }
  readonly errors: Writable
}

/** Where a command writes. Colour and shortened lines are for people only: a pipe gets the whole text, plain. */
export class Terminal {
  readonly #output: TerminalStreams['output']
  readonly #errors: Writable
  readonly #closed = new AbortController()

  constructor({ output, errors }: TerminalStreams) {
    this.#output = output
    this.#errors = errors
    // The reader of a pipe may have seen enough (`| head`): that is no error.
    output.on('error', () => this.#closed.abort())
  }

  /** Aborts when nobody reads any more. */
  get closed(): AbortSignal {
    return this.#closed.signal
  }

  /** Characters of a line; `undefined` where the output is no terminal, or one that does not know. */
  get width(): number | undefined {
    return this.#output.columns || undefined
  }

  /** Writes a line, no faster than it is read. */
  async line(text: string): Promise<void> {
    if (this.closed.aborted || this.#output.write(`${text}\n`)) return
    await new Promise<void>((resolve) => {
      const go = (): void => {
        this.#output.off('drain', go)
        this.closed.removeEventListener('abort', go)
        resolve()
      }
      this.#output.once('drain', go)
      this.closed.addEventListener('abort', go)
    })
  }

  /** A line beside the result: for people, never part of what a pipe reads. */
  note(text: string): void {
    this.#errors.write(`${text}\n`)
  }

  bold(text: string): string {
    return styleText('bold', text, { stream: this.#output })
  }

  dim(text: string): string {
    return styleText('dim', text, { stream: this.#output })
  }
}
