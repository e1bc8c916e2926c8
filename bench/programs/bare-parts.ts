import { BareParts } from '../bare-parts.ts'
import type { Deposits } from '../deposits.ts'
import { drive, quickestOf } from '../load.ts'
import { inputOf } from '../program.ts'

/* Prints how many deposits a second the parts of the runtime make without it. */

const { store, aggregates, outstanding, warmUp, commands, stretches } = inputOf<Deposits>()
const parts = await BareParts.open(store, aggregates)
const deposit = (nth: number) => parts.ask(nth % aggregates, { type: 'Deposit', amount: 1 })
await drive(warmUp, outstanding, deposit)
const perSecond = await quickestOf(
  stretches,
  async () => (await drive(commands, outstanding, deposit)).perSecond,
)
console.log(perSecond)
