import { describe, expect, it } from 'vitest'
import { given, givenStored, ScenarioFailure } from '../../../src/testing/index.ts'
import { account } from '../../aggregate/bank.ts'
import { failing, renamed } from './machines.ts'

const opened = { type: 'Opened', owner: 'alice', overdraft: 0 } as const

function failureOf(scenario: () => unknown): ScenarioFailure {
  try {
    scenario()
  } catch (error) {
    if (error instanceof ScenarioFailure) return error
    throw error
  }
  throw new Error('the scenario did not fail')
}

describe('a scenario that goes as it says', () => {
  it('emits events', () => {
    given(account, opened).when({ type: 'Deposit', amount: 5 }).then({ type: 'Deposited', amount: 5 })
  })

  it('begins with a new aggregate, and with the defaults of its schema', () => {
    given(account).when({ type: 'Open', owner: 'alice' }).then(opened)
  })

  it('is rejected with a code of the machine, or of Reenact', () => {
    given(account, opened, { type: 'Deposited', amount: 1 }).when({ type: 'Close' }).thenRejected('NotEmpty')
    given(account).when({ type: 'Deposit', amount: 5 }).thenRejected('Unhandled')
    given(account, opened, { type: 'Closed' }).when({ type: 'Close' }).thenRejected('Done')
  })

  it('looks at the state', () => {
    given(account, opened)
      .when({ type: 'Deposit', amount: 5 })
      .thenState({ value: 'open', matches: 'open', context: { balance: 5 }, status: 'active', tags: [] })
    given(account, opened).when({ type: 'Close' }).then({ type: 'Closed' }).thenState({ status: 'done' })
  })

  it('goes on with the next command', () => {
    given(account)
      .when({ type: 'Open', owner: 'alice', overdraft: 10 })
      .when({ type: 'Withdraw', amount: 7 })
      .then({ type: 'Withdrawn', amount: 7 })
      .thenState({ context: { balance: -7 } })
      .when({ type: 'Withdraw', amount: 7 })
      .then({ type: 'WithdrawalDeclined', amount: 7, balance: -7 })
      .when({ type: 'Open', owner: 'bob' })
      .thenRejected('AlreadyOpen')
      .thenState({ context: { owner: 'alice' } })
  })

  it('finds what does not fit the schema', () => {
    given(account, opened).when({ type: 'Deposit', amount: -5 }).thenInvalid('amount')
    given(account, opened).when({ type: 'Deposit', amount: -5 }).thenInvalid()
  })

  it('expects a fault of the machine', () => {
    given(failing).when({ type: 'Throw' }).thenFault('out of order').thenState({ value: 'idle' })
    given(failing)
      .when({ type: 'Throw' })
      .thenFault(/out of \w+/)
      .when({ type: 'Throw' })
      .thenFault()
    given(failing).when({ type: 'Ping' }).thenAccepted()
  })

  it('reads events of older versions through upcast', () => {
    givenStored(renamed, { type: 'Renamed', data: { title: 'old' }, schemaVersion: 1 })
      .when({ type: 'Rename', name: 'new' })
      .then({ type: 'Renamed', name: 'new' })
      .thenState({ context: { name: 'new', before: 'old' } })
  })

  it('knows its id where the machine does', () => {
    given(failing)
      .withId('alice')
      .when({ type: 'Ping' })
      .thenState({ context: { id: 'alice' } })
  })
})

describe('a scenario that goes otherwise', () => {
  it('says what came and what was expected', () => {
    const failure = failureOf(() =>
      given(account, opened).when({ type: 'Deposit', amount: 5 }).then({ type: 'Deposited', amount: 6 }),
    )
    expect(failure.message).toBe("The command 'Deposit' to 'account' was accepted, but not as expected.")
    expect(failure.actual).toEqual({ accepted: [{ type: 'Deposited', amount: 5 }] })
    expect(failure.expected).toEqual({ accepted: [{ type: 'Deposited', amount: 6 }] })
  })

  it('says so where the kind of answer is another', () => {
    const rejected = given(account).when({ type: 'Close' })
    const failure = failureOf(() => rejected.then({ type: 'Closed' }))
    expect(failure.message).toBe("The command 'Close' to 'account' was rejected; expected was accepted.")
    expect(failure.actual).toMatchObject({ rejected: { code: 'Unhandled' } })
    expect(failureOf(() => rejected.thenRejected('NotEmpty')).expected).toMatchObject({
      rejected: { code: 'NotEmpty' },
    })
    expect(failureOf(() => rejected.thenAccepted()).message).toContain('expected was accepted')
    expect(failureOf(() => rejected.thenFault()).message).toContain('expected was faulted')
    expect(failureOf(() => rejected.thenInvalid()).message).toContain('expected was invalid')
    expect(failureOf(() => rejected.thenState({ value: 'open' })).message).toContain('to be accepted')
    const accepted = given(account, opened).when({ type: 'Close' })
    expect(failureOf(() => accepted.thenRejected('NotEmpty')).message).toContain('was accepted; expected')
  })

  it('shows the issues of a command that does not fit', () => {
    const invalid = given(account, opened).when({ type: 'Deposit', amount: -5 })
    expect(failureOf(() => invalid.thenAccepted()).actual).toMatchObject({ invalid: [{ path: ['amount'] }] })
    expect(failureOf(() => invalid.thenInvalid('owner')).actual).toEqual({ invalid: ['amount'] })
  })

  it('shows the states where they differ', () => {
    const failure = failureOf(() =>
      given(account, opened)
        .when({ type: 'Deposit', amount: 5 })
        .thenState({ value: 'closed', context: { balance: 6 } }),
    )
    expect(failure.message).toBe("The command 'Deposit' to 'account' led to another state.")
    expect(failure.actual).toEqual({ value: 'open', context: { balance: 5 } })
    expect(failure.expected).toEqual({ value: 'closed', context: { balance: 6 } })
  })

  it('names a given event that does not fit', () => {
    const failure = failureOf(() => given(account, opened, opened).when({ type: 'Close' }))
    expect(failure.message).toMatch(/given event 2 of 2 does not fit the machine of 'account'.*Opened/s)
  })

  it('cannot be awaited by mistake', async () => {
    // @ts-expect-error the compiler sees that it is no promise; JavaScript finds out when it runs
    const scenario = async () => given(account, opened).when({ type: 'Close' })
    await expect(scenario()).rejects.toThrow('A scenario is not awaited')
    await given(account, opened).when({ type: 'Close' }).then({ type: 'Closed' })
  })
})

describe('a scenario with a mistake', () => {
  it('does not compile', () => {
    // Never called: that the compiler finds each line is what is tested, by `npm run types`.
    const mistakes = (): void => {
      const [fresh, closing] = [given(account), given(account).when({ type: 'Close' })]
      // @ts-expect-error the event has no such field
      given(account, { type: 'Opened', name: 'alice' })
      // @ts-expect-error no such event
      given(account, { type: 'Deposit', amount: 5 })
      // @ts-expect-error no such command
      fresh.when({ type: 'Deposited', amount: 5 })
      // @ts-expect-error the amount is a number
      fresh.when({ type: 'Deposit', amount: '5' })
      // @ts-expect-error no such event
      closing.then({ type: 'Close' })
      // @ts-expect-error an acceptance without events is thenAccepted
      closing.then()
      // @ts-expect-error no such code
      closing.thenRejected('NotEmtpy')
      // @ts-expect-error no such state
      closing.thenState({ value: 'shut' })
      // @ts-expect-error no such key in the context
      closing.thenState({ context: { sum: 5 } })
    }
    expect(mistakes).toBeTypeOf('function')
  })
})
