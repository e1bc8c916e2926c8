import { openBank } from '../accounts.ts'
import type { Deposits } from '../deposits.ts'
import { drive, quickestOf } from '../load.ts'
import { inputOf } from '../program.ts'

/* Prints how many deposits a second are made. */

const { engine, store, aggregates, outstanding, warmUp, commands, stretches } = inputOf<Deposits>()
const bank = await openBank(store, aggregates, engine)
const deposit = (nth: number) => bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 })
await drive(warmUp, outstanding, deposit)
const perSecond = await quickestOf(
  stretches,
  async () => (await drive(commands, outstanding, deposit)).perSecond,
)
await bank.close()
console.log(perSecond)
