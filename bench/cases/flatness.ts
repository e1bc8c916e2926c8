import { openBank } from '../accounts.ts'
import { collectGarbage, drive } from '../load.ts'
import { median, printTable } from '../table.ts'

/** Does a command cost the same when a million were executed before it? Nanoseconds of CPU each. */
export async function flatness(): Promise<void> {
  const bank = await openBank('memory', 1_000)
  const deposit = (count: number) =>
    drive(count, 1_000, (nth) => bank.accounts[nth % 1_000]!.ask({ type: 'Deposit', amount: 1 }))
  await deposit(50_000)
  const early: number[] = []
  for (let round = 0; round < 5; round++) {
    collectGarbage()
    early.push((await deposit(10_000)).cpuNanoseconds)
  }
  const { cpuNanoseconds } = await deposit(1_000_000)
  await bank.close()
  printTable('Cost of a command over 1,000,000 (memory store, which keeps them all)', [
    {
      what: 'CPU for each of 1,000,000 commands',
      value: `${Math.round(cpuNanoseconds)} ns`,
      against: `each of 10,000: ${Math.round(median(early))} ns`,
      ratio: cpuNanoseconds / median(early),
      wanted: { atMost: 1.2 },
    },
  ])
}
