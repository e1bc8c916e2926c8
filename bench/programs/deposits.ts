import { openBank } from '../accounts.ts'
import type { Deposits } from '../deposits.ts'
import { quickestStretch } from '../load.ts'
import { inputOf } from '../program.ts'

/* Prints how many deposits a second are made. */

const { engine, store, aggregates, ...load } = inputOf<Deposits>()
const bank = await openBank(store, aggregates, engine)
const perSecond = await quickestStretch(load, (nth) =>
  bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 }),
)
await bank.close()
console.log(perSecond)
