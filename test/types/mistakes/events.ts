import { setup } from 'xstate'
import { z } from 'zod'
import { aggregate } from '../../../src/aggregate/index.ts'
import { accountMachine, bank } from '../../../test/aggregate/bank.ts'

const { events } = bank
const { Deposited, ...others } = events
const rest = {
  name: 'account',
  machine: accountMachine,
  commands: bank.commands,
  rejections: bank.rejections,
} as const

aggregate({ ...rest, events: { ...others, Deposited } })

// @ts-expect-error: 'Deposited' is emitted by the machine: it needs a schema in events, or true if it has no payload
aggregate({ ...rest, events: others })

// @ts-expect-error: 'Deposited' has a payload: it needs a schema, not true
aggregate({ ...rest, events: { ...others, Deposited: true } })

// @ts-expect-error: 'Frozen' is no domain event of the machine: list it in emitted of its types, or leave it out
aggregate({ ...rest, events: { ...events, Frozen: true } })

// @ts-expect-error: what the schema of 'Deposited' gives does not fit the machine at 'amount'
aggregate({ ...rest, events: { ...others, Deposited: z.object({ amount: z.string() }) } })

const mixed = setup({
  types: {} as {
    context: { count: number }
    events: { type: 'Count' } | { type: 'Counted'; by: number }
    emitted: { type: 'Counted'; by: string }
  },
}).createMachine({ context: { count: 0 } })

aggregate({
  name: 'counter',
  machine: mixed,
  commands: { Count: true },
  // @ts-expect-error: what the machine emits as 'Counted' does not fit its schema at 'by'
  events: { Counted: z.object({ by: z.number() }) },
})
