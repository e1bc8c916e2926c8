import { z } from 'zod'
import { aggregate } from '../../../src/aggregate/index.ts'
import { accountMachine, bank } from '../../../test/aggregate/bank.ts'

const { commands } = bank
const { Deposit, ...others } = commands
const rest = {
  name: 'account',
  machine: accountMachine,
  events: bank.events,
  rejections: bank.rejections,
} as const

aggregate({ ...rest, commands: { ...others, Deposit } })

// @ts-expect-error: 'Deposit' has a payload: it needs a schema, not true
aggregate({ ...rest, commands: { ...others, Deposit: true } })

// @ts-expect-error: 'Deposit' is a command of the machine: it needs a schema in commands, or true if it has no payload
aggregate({ ...rest, commands: others })

// @ts-expect-error: 'Transfer' is no command of the machine: list it in events of its types, or leave it out
aggregate({ ...rest, commands: { ...commands, Transfer: true } })

// @ts-expect-error: what the schema of 'Deposit' gives does not fit the machine at 'amount'
aggregate({ ...rest, commands: { ...others, Deposit: z.object({ amount: z.string() }) } })

// @ts-expect-error: what the schema of 'Deposit' gives does not fit the machine at 'amount'
aggregate({ ...rest, commands: { ...others, Deposit: z.object({ sum: z.number() }) } })

// @ts-expect-error: 'Close' has no payload in the machine's types: write true instead of a schema
aggregate({ ...rest, commands: { ...commands, Close: z.object({ reason: z.string() }) } })

// @ts-expect-error: 'Closed' is a domain event, for the machine emits it: move its schema to events
aggregate({ ...rest, events: { ...bank.events }, commands: { ...commands, Closed: true } })
