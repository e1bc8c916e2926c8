import { PassThrough } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { memoryStore } from 'reenact'
import { onTestFinished } from 'vitest'
import { runBank } from '../../examples/bank/bank.ts'
import { bankConsole } from '../../examples/bank/bank-console.ts'
import { shippedStatement } from '../../examples/bank/synthetic-statement.ts'

/** The bank as `npm start -- --console` runs it, slow enough to be watched; it ends with the test. */
export async function runningBank(): Promise<{ readonly url: string }> {
  const stopping = new AbortController()
  const { signal } = stopping
  const onlooker = await bankConsole(0, signal)
  const ended = runBank({
    file: fileURLToPath(shippedStatement),
    store: memoryStore(),
    durability: 'by test',
    outstanding: 100,
    pace: 500,
    output: new PassThrough().resume(),
    signal,
    onlooker,
  })
  onTestFinished(async () => {
    stopping.abort()
    await ended
    await onlooker.close()
  })
  return { url: onlooker.url }
}
