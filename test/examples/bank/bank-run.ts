import { Writable } from 'node:stream'
import type { StoreProvider } from 'reenact'
import { type BankResult, runBank } from '../../../examples/bank/bank.ts'

export interface BankRun {
  readonly result: BankResult
  /** Everything that was written. */
  readonly text: string
  /** The lines of the table, by name. */
  readonly table: Readonly<Record<string, string>>
}

/** Runs the bank in this process. `onOutput` sees everything written so far each time. */
export async function bankRun(
  file: string,
  store: StoreProvider,
  signal: AbortSignal = new AbortController().signal,
  onOutput: (text: string) => void = () => undefined,
): Promise<BankRun> {
  let text = ''
  const output = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk)
      onOutput(text)
      done()
    },
  })
  const result = await runBank({ file, store, durability: 'by test', outstanding: 1000, signal, output })
  return { result, text, table: tableOf(text) }
}

/** The table in what a run of the bank wrote. */
export function tableOf(text: string): Readonly<Record<string, string>> {
  const lines = text.matchAll(/^ {2}([a-z/ ]+?) {2,}(.+)$/gm)
  return Object.fromEntries(Array.from(lines, ([, name = '', value = '']) => [name, value]))
}
