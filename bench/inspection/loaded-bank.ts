import { consoleHandler } from 'reenact/console'
import { openBank } from '../accounts.ts'
import { drive, type LoadResult } from '../load.ts'

/** Who looks at the system meanwhile. */
export type Audience = 'nobody' | 'listener' | 'counter' | 'console: overview' | 'console: log'

export interface LoadedBank {
  deposits(commands: number): Promise<LoadResult>
  /** What the audience was told: events, or bytes. */
  told(): number
  close(): Promise<void>
}

const aggregates = 1_000
const outstanding = 1_000

/** A bank of 1,000 accounts on the memory store, looked at or not. */
export async function loadedBank(audience: Audience): Promise<LoadedBank> {
  // Snapshots would grow the heap of a memory store, which is not what is looked for here.
  const bank = await openBank('memory', aggregates, 'compiled', { snapshotEvery: 0 })
  let told = 0
  let leave = async (): Promise<void> => undefined
  if (audience === 'listener' || audience === 'counter') {
    const scope = audience === 'listener' ? 'everything' : 'results'
    const stop = bank.system.inspect(() => {
      told++
    }, scope)
    leave = async () => stop()
  } else if (audience !== 'nobody') {
    const page = audience.slice('console: '.length)
    const { body } = await consoleHandler(bank.system)(new Request(`http://localhost/api/live?page=${page}`))
    if (body === null) throw new Error('The console tells nothing.')
    const reader = body.getReader()
    const reading = (async () => {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) return
        told += value.length
      }
    })()
    leave = async () => {
      await reader.cancel()
      await reading
    }
  }
  return {
    deposits: (commands) =>
      drive(commands, outstanding, (nth) =>
        bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }),
      ),
    told: () => told,
    close: async () => {
      await leave()
      await bank.close()
    },
  }
}
