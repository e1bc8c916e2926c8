import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import { aggregate, type CommandOf, commandSchema, type EventOf } from '../../src/aggregate/index.ts'
import { InvalidCommand } from '../../src/errors.ts'
import { accountMachine, bank } from './bank.ts'
import { accepted, id, storedForm } from './recorded.ts'

/** One machine, its schemas of three libraries. */
const { rejections } = bank
const base = { name: 'account', machine: accountMachine, rejections } as const

const amountOfZod = z.object({ amount: z.number().int().positive() })
const zod = aggregate({
  ...base,
  commands: {
    Open: z.object({ owner: z.string().min(1), overdraft: z.number().int().default(0) }),
    Deposit: amountOfZod,
    Withdraw: amountOfZod,
    Close: true,
  },
  events: {
    Opened: z.object({ owner: z.string(), overdraft: z.number().int() }),
    Deposited: amountOfZod,
    Withdrawn: amountOfZod,
    WithdrawalDeclined: z.object({ amount: z.number(), balance: z.number() }),
    Closed: true,
  },
})

const amountOfValibot = v.object({ amount: v.pipe(v.number(), v.integer(), v.minValue(1)) })
const valibot = aggregate({
  ...base,
  commands: {
    Open: v.object({
      owner: v.pipe(v.string(), v.minLength(1)),
      overdraft: v.optional(v.pipe(v.number(), v.integer()), 0),
    }),
    Deposit: amountOfValibot,
    Withdraw: amountOfValibot,
    Close: true,
  },
  events: {
    Opened: v.object({ owner: v.string(), overdraft: v.number() }),
    Deposited: amountOfValibot,
    Withdrawn: amountOfValibot,
    WithdrawalDeclined: v.object({ amount: v.number(), balance: v.number() }),
    Closed: true,
  },
})

const amountOfArktype = type({ amount: 'number.integer > 0' })
const arktype = aggregate({
  ...base,
  commands: {
    Open: type({ owner: 'string > 0', overdraft: 'number.integer = 0' }),
    Deposit: amountOfArktype,
    Withdraw: amountOfArktype,
    Close: true,
  },
  events: {
    Opened: type({ owner: 'string', overdraft: 'number.integer' }),
    Deposited: amountOfArktype,
    Withdrawn: amountOfArktype,
    WithdrawalDeclined: type({ amount: 'number', balance: 'number' }),
    Closed: true,
  },
})

describe.each([
  ['zod', zod],
  ['valibot', valibot],
  ['arktype', arktype],
] as const)('schemas of %s', (_, account) => {
  const runs = account[behaviour]

  test('validate, default and strip the type', () => {
    expect(runs.accept(id, { type: 'Open', owner: 'Alice' })).toEqual({
      type: 'Open',
      owner: 'Alice',
      overdraft: 0,
    })
  })

  test('refuse with the path', () => {
    expect(() => runs.accept(id, { type: 'Deposit', amount: 1.5 })).toThrow(InvalidCommand)
    expect(() => runs.accept(id, { type: 'Deposit', amount: 1.5 })).toThrow(
      /'Deposit' for account 'alice'.*\n {2}- amount: /,
    )
    expect(commandSchema(account)['~standard'].validate({ type: 'Open', owner: '' })).toMatchObject({
      issues: [{ path: ['owner'] }],
    })
  })

  test('decide and replay to the same state', () => {
    const { state, events } = accepted(
      account,
      { type: 'Open', owner: 'Alice' },
      { type: 'Deposit', amount: 50 },
      { type: 'Withdraw', amount: 20 },
    )
    expect(events).toEqual([
      { type: 'Withdrawn', json: '{"amount":20}', message: { type: 'Withdrawn', amount: 20 }, bytes: 13 },
    ])
    const stored = [
      accepted(account, { type: 'Open', owner: 'Alice' }),
      accepted(account, { type: 'Open', owner: 'Alice' }, { type: 'Deposit', amount: 50 }),
    ].flatMap((decision) => decision.events)
    const replayed = [...stored, ...events].reduce(
      (at, event, revision) => runs.replay(at, storedForm(event, revision)),
      runs.initial(id),
    )
    expect(runs.dump(replayed)).toEqual(runs.dump(state))
    expect(runs.view(replayed).context).toEqual({ owner: 'Alice', balance: 30, overdraft: 0 })
  })
})

test('the three give the same types', () => {
  expectTypeOf<EventOf<typeof valibot>>().toEqualTypeOf<EventOf<typeof zod>>()
  expectTypeOf<EventOf<typeof arktype>>().toEqualTypeOf<EventOf<typeof zod>>()
  expectTypeOf<CommandOf<typeof valibot>['type']>().toEqualTypeOf<CommandOf<typeof zod>['type']>()
  expectTypeOf<CommandOf<typeof arktype>['type']>().toEqualTypeOf<CommandOf<typeof zod>['type']>()
})
