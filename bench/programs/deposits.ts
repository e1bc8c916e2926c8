import { openBank } from '../accounts.ts'
import type { Deposits } from '../deposits.ts'
import { drive } from '../load.ts'
import { inputOf } from '../program.ts'

/* Prints how many deposits a second are made. */

const { engine, store, aggregates, outstanding, commands } = inputOf<Deposits>()
const bank = await openBank(store, aggregates, engine)
const deposit = (nth: number) => bank.accounts[nth % aggregates]!.ask({ type: 'Deposit', amount: 1 })
// V8 goes on compiling during the first half million.
await drive(commands * 3, outstanding, deposit)
const { perSecond } = await drive(commands, outstanding, deposit)
await bank.close()
console.log(perSecond)
