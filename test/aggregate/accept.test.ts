import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import { commandSchema } from '../../src/aggregate/index.ts'
import { InvalidCommand, type Issue } from '../../src/errors.ts'
import { account } from './bank.ts'
import { define, fine } from './check/definition.ts'
import { id } from './recorded.ts'

function issuesOf(schema: unknown, payload: object): readonly Issue[] {
  const trip = define({ config: fine, commands: { Go: schema } })
  try {
    trip[behaviour].accept(id, { type: 'Go', ...payload })
    return []
  } catch (thrown) {
    if (thrown instanceof InvalidCommand) return thrown.issues
    throw thrown
  }
}

describe('a command that is accepted', () => {
  test('is what its schema gives, with its type', () => {
    const bank = account[behaviour]
    expect(bank.accept(id, { type: 'Open', owner: 'Alice', unknown: 1 })).toEqual({
      type: 'Open',
      owner: 'Alice',
      overdraft: 0,
    })
    expect(bank.accept(id, { type: 'Close' })).toEqual({ type: 'Close' })
  })

  test('is a copy: what the caller does to his own afterwards changes nothing', () => {
    const trip = define({ config: fine, commands: { Go: z.object({ stops: z.json() }) } })
    const command = { type: 'Go', stops: [{ name: 'Brno' }] }
    const before = structuredClone(command)
    const accepted = trip[behaviour].accept(id, command)
    command.stops.push({ name: 'Olomouc' })
    ;(command.stops[0] as { name: string }).name = 'Praha'
    expect(accepted).toEqual(before)
  })

  test('has no prototype of the caller', () => {
    const trip = define({ config: fine, commands: { Go: z.looseObject({}) } })
    const command: unknown = JSON.parse('{"type":"Go","__proto__":{"admin":true}}')
    const accepted = trip[behaviour].accept(id, command)
    expect(accepted).toStrictEqual({ type: 'Go' })
    expect('admin' in accepted).toBe(false)
  })

  test('leaves the command of the caller as it is, frozen or not', () => {
    const command = Object.freeze({ type: 'Deposit', amount: 1 })
    expect(account[behaviour].accept(id, command)).toEqual(command)
  })
})

describe('a command that is refused', () => {
  const bank = account[behaviour]

  test.each([
    [undefined, '(none)', 'a command is an object with a `type`'],
    [null, '(none)', 'a command is an object with a `type`'],
    ['Deposit', '(none)', 'a command is an object with a `type`'],
    [[], '(none)', 'a command is an object with a `type`'],
    [{}, '(none)', 'type: a command needs a `type`, a string'],
    [{ type: 1 }, '(none)', 'type: a command needs a `type`, a string'],
    [
      { type: 'Deposi' },
      'Deposi',
      "type: 'Deposi' is no command of 'account'; it has: Open, Deposit, Withdraw, Close",
    ],
    [{ type: 'Deposited', amount: 1 }, 'Deposited', "'Deposited' is no command of 'account'"],
    [{ type: 'constructor' }, 'constructor', "'constructor' is no command"],
    [{ type: 'Deposit' }, 'Deposit', 'amount: '],
    [{ type: 'Deposit', amount: Number.NaN }, 'Deposit', 'amount: '],
    [
      { type: 'Close', reason: 'bored' },
      'Close',
      'reason: it has no payload, so this key has no meaning: leave it out',
    ],
  ])('%j', (command, type, text) => {
    const accept = (): unknown => bank.accept(id, command)
    expect(accept).toThrow(InvalidCommand)
    expect(accept).toThrow(`The command '${type}' for account 'alice' is not valid:\n  - `)
    expect(accept).toThrow(text)
  })

  test('lists every issue with its path', () => {
    const schema = z.object({ stops: z.array(z.object({ name: z.string() })), by: z.string() })
    expect(issuesOf(schema, { stops: [{ name: 'Brno' }, { name: 1 }] }).map(({ path }) => path)).toEqual([
      ['stops', 1, 'name'],
      ['by'],
    ])
  })

  test.each([
    ['a Date', { at: new Date(0) }, ['at'], 'a Date is not JSON, and payloads are JSON'],
    ['a bigint', { sum: 1n }, ['sum'], 'a bigint is not JSON, and payloads are JSON'],
    [
      'a key that would change the prototype',
      JSON.parse('{"in":{"__proto__":1}}'),
      ['in', '__proto__'],
      'this key is not allowed, and payloads are JSON',
    ],
  ])('a payload with %s, which the schema lets through', (_, payload, path, message) => {
    expect(issuesOf(z.looseObject({}), payload)).toEqual([{ path, message }])
  })

  test('an asynchronous schema', () => {
    const schema = z.object({ by: z.string().refine(async () => false) })
    expect(issuesOf(schema, { by: 'train' })).toEqual([
      {
        path: [],
        message: expect.stringContaining('the schema answered with a Promise: schemas must be synchronous'),
      },
    ])
  })

  test('a schema that throws, and one that gives no object', () => {
    const outOfOrder = (): object => {
      throw new Error('out of order')
    }
    const broken = v.pipe(v.object({}), v.transform(outOfOrder))
    expect(issuesOf(broken, {})[0]?.message).toBe('the schema threw: out of order')
    expect(
      issuesOf(
        z.object({}).transform(() => [1]),
        {},
      )[0]?.message,
    ).toBe('the schema must give an object')
    expect(
      issuesOf(
        z.object({}).transform(() => ({ type: 'Stay' })),
        {},
      ),
    ).toEqual([{ path: ['type'], message: 'this key is reserved, the schema must not give it' }])
  })
})

describe('commandSchema', () => {
  const { validate } = commandSchema(account)['~standard']

  test('gives back the very command, so that a transformation happens once, in ask', () => {
    const command = { type: 'Open', owner: 'Alice' }
    expect(validate(command)).toEqual({ value: command })
  })

  test('gives the issues with their paths', () => {
    expect(validate({ type: 'Deposit', amount: -1 })).toMatchObject({ issues: [{ path: ['amount'] }] })
    expect(validate({ type: 'Fly' })).toMatchObject({ issues: [{ path: ['type'] }] })
    expect(validate(7)).toMatchObject({ issues: [{ path: [] }] })
  })
})
