import { type } from 'arktype'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import { aggregate, type Upcast } from '../../src/aggregate/index.ts'
import { StoredEventMisfit } from '../../src/errors.ts'
import { account, accountMachine, bank } from './bank.ts'
import { define } from './check/definition.ts'
import { accepted, decided, id, recorded, storedForm } from './recorded.ts'

const runs = account[behaviour]
const opened = { type: 'Open', owner: 'Alice' }

function upcasting(upcast: Upcast) {
  const { commands, events, rejections } = bank
  return aggregate({
    name: 'account',
    machine: accountMachine,
    commands,
    events,
    rejections,
    schemaVersion: 2,
    upcast,
  })
}

describe('replay', () => {
  test('gives the state that was decided live', () => {
    const live = accepted(account, opened, { type: 'Deposit', amount: 7 })
    const first = accepted(account, opened).events
    const replayed = [...first, ...live.events].reduce(
      (state, event, revision) => runs.replay(state, storedForm(event, revision)),
      runs.initial(id),
    )
    expect(runs.dump(replayed)).toEqual(runs.dump(live.state))
    expect(runs.dump(runs.restore(runs.dump(live.state)))).toEqual(runs.dump(live.state))
    expect(decided(account, { type: 'Close' }, replayed)).toMatchObject({ code: 'NotEmpty' })
  })

  test('leaves the stored event as it is, also with a schema that gives back what it was given', () => {
    const definition = aggregate({
      name: 'account',
      commands: bank.commands,
      rejections: bank.rejections,
      machine: accountMachine,
      events: { ...bank.events, Deposited: type({ amount: 'number' }) },
    })
    const data = Object.freeze({ amount: 7 })
    const open = accepted(definition, opened).state
    definition[behaviour].replay(open, recorded('Deposited', data))
    expect(definition[behaviour].decode(recorded('Deposited', data))).toEqual([
      { type: 'Deposited', amount: 7 },
    ])
    expect(data).toEqual({ amount: 7 })
  })

  test.each([
    [
      'an event that no state handles',
      'Deposited',
      { amount: 1 },
      "The event 'Deposited' is not handled there",
    ],
    [
      'an event that breaks its schema',
      'Opened',
      { owner: 1, overdraft: 0 },
      'does not fit its schema: owner: ',
    ],
    [
      'an event of an unknown type',
      'Renamed',
      {},
      "no domain event 'Renamed' any more: turn it into one that it has with `upcast`",
    ],
  ])('refuses %s, saying which', (_, eventType, data, reason) => {
    const replay = (): unknown => runs.replay(runs.initial(id), recorded(eventType, data, 1, 3))
    expect(replay).toThrow(StoredEventMisfit)
    expect(replay).toThrow(
      `The stored event '${eventType}' at revision 3 of account-alice does not fit the machine: `,
    )
    expect(replay).toThrow(reason)
  })
})

describe('upcast', () => {
  test('runs at every read, before the schema, and is given type, data and version', () => {
    const seen: object[] = []
    const account2 = upcasting((stored) => {
      seen.push({ type: stored.type, data: stored.data, schemaVersion: stored.schemaVersion })
      return stored.schemaVersion < 2 && stored.type === 'Opened'
        ? { type: 'Opened', data: { ...stored.data, overdraft: 100 } }
        : stored
    })[behaviour]
    const old = recorded('Opened', { owner: 'Alice' }, 1)
    const state = account2.replay(account2.initial(id), old)
    expect(account2.view(state).context).toEqual({ owner: 'Alice', balance: 0, overdraft: 100 })
    expect(account2.decode(old)).toEqual([{ type: 'Opened', owner: 'Alice', overdraft: 100 }])
    account2.replay(state, recorded('Deposited', { amount: 1 }, 2, 1))
    expect(seen).toHaveLength(3)
    expect(seen[2]).toEqual({ type: 'Deposited', data: { amount: 1 }, schemaVersion: 2 })
    expect(account2.schemaVersion).toBe(2)
  })

  test('makes of one event several, or none', () => {
    const account2 = upcasting((stored) => {
      if (stored.type === 'Touched') return null
      if (stored.type !== 'OpenedWith') return stored
      const { owner, amount } = stored.data
      return [
        { type: 'Opened', data: { owner, overdraft: 0 } },
        { type: 'Deposited', data: { amount } },
      ]
    })[behaviour]
    const both = recorded('OpenedWith', { owner: 'Alice', amount: 5 })
    const state = account2.replay(account2.initial(id), both)
    expect(account2.view(state)).toMatchObject({ value: 'open', context: { balance: 5 } })
    expect(account2.decode(both).map((event) => event.type)).toEqual(['Opened', 'Deposited'])
    const touched = recorded('Touched', {})
    expect(account2.replay(state, touched)).toBe(state)
    expect(account2.decode(touched)).toEqual([])
  })

  test('that throws, or gives what does not fit, is a misfit of the stored event', () => {
    const throwing = upcasting(() => {
      throw new Error('no way back')
    })[behaviour]
    expect(() => throwing.decode(recorded('Opened', {}))).toThrow(StoredEventMisfit)
    expect(() => throwing.decode(recorded('Opened', {}))).toThrow('no way back')
    const wrong = upcasting(() => ({ type: 'Opened', data: {} }))[behaviour]
    expect(() => wrong.replay(wrong.initial(id), recorded('Opened', {}))).toThrow(
      'does not fit its schema: owner: ',
    )
  })
})

test('a command that is accepted without an event leaves the state as it is', () => {
  const trip = define({ config: { on: { Go: {} } }, events: {}, commands: { Go: z.object({}) } })
  const state = trip[behaviour].initial(id)
  expect(decided(trip, { type: 'Go' }, state)).toEqual({ status: 'accepted', events: [], state, bytes: 0 })
})
