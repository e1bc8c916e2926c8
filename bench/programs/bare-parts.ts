import { BareParts } from '../bare-parts.ts'
import type { Deposits } from '../deposits.ts'
import { quickestStretch } from '../load.ts'
import { inputOf } from '../program.ts'

/* Prints how many deposits a second the parts of the runtime make without it. */

const { store, aggregates, ...load } = inputOf<Deposits>()
const parts = await BareParts.open(store, aggregates)
const perSecond = await quickestStretch(load, (nth) =>
  parts.ask(nth % aggregates, { type: 'Deposit', amount: 1 }),
)
await parts.close()
console.log(perSecond)
