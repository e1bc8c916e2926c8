// #region imports
import { memoryStore, start } from 'reenact'
import {
  faultyStore,
  foreignWriter,
  given,
  givenStored,
  silentLogger,
  simulatedRuntime,
} from 'reenact/testing'
// #endregion imports
import { describe, expect, it } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { renamed } from '../testing/scenario/machines.ts'

describe('docs/testing.md', () => {
  // #region given
  const opened = { type: 'Opened', owner: 'alice', overdraft: 100 } as const

  it('declines what goes beyond the overdraft', () => {
    given(account, opened)
      .when({ type: 'Withdraw', amount: 101 })
      .then({ type: 'WithdrawalDeclined', amount: 101, balance: 0, reason: 'NoFunds' })
  })

  it('is closed only when it is empty', () => {
    given(account, opened, { type: 'Deposited', amount: 5, rounding: 0 })
      .when({ type: 'Close' })
      .thenRejected('NotEmpty')
  })
  // #endregion given

  it('tells a story', () => {
    // #region story
    given(account)
      .when({ type: 'Open', owner: 'alice', overdraft: 100 })
      .when({ type: 'Withdraw', amount: 30 })
      .thenState({ matches: { open: 'active' }, context: { balance: -30 } })
      .when({ type: 'Freeze', reason: 'lost card' })
      .then({ type: 'Frozen', reason: 'lost card' })
      .when({ type: 'Deposit', amount: -1 })
      .thenInvalid('amount')
    // #endregion story
  })

  it('reads old events', () => {
    // #region upcast
    givenStored(renamed, { type: 'Renamed', data: { title: 'old' }, schemaVersion: 1 })
      .when({ type: 'Rename', name: 'new' })
      .thenState({ context: { before: 'old', name: 'new' } })
    // #endregion upcast
  })

  // #region clock
  it('waits half a minute for an outcome, in no time', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const store = faultyStore(memoryStore(), { runtime })
    const system = await start({ aggregates: [account], store, runtime, logger: silentLogger })
    const alice = system.get(account, 'alice')

    await runtime.run(alice.ask({ type: 'Open', owner: 'alice' }))
    store.goDown({ appends: 'mute' })
    const asked = alice.ask({ type: 'Deposit', amount: 5 }, { timeoutMs: 30_000 })
    await expect(runtime.run(asked)).rejects.toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })

    await runtime.run(system.stop())
  })
  // #endregion clock

  // #region lost-answer
  it('keeps one effect though the store loses its answer', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const store = faultyStore(memoryStore(), { runtime })
    const system = await start({ aggregates: [account], store, runtime, logger: silentLogger })
    const alice = system.get(account, 'alice')

    store.next({ kind: 'unknownAfterWrite' }, { stream: 'account-alice' })
    const outcome = await runtime.run(alice.ask({ type: 'Open', owner: 'alice' }, { commandId: 'open-1' }))
    const again = await runtime.run(alice.ask({ type: 'Open', owner: 'alice' }, { commandId: 'open-1' }))

    expect(outcome).toMatchObject({ status: 'accepted', revision: 0, duplicate: false })
    expect(again).toMatchObject({ status: 'accepted', revision: 0, duplicate: true })
    expect(store.fired.get('unknownAfterWrite')).toBe(1)
    await runtime.run(system.stop())
  })
  // #endregion lost-answer

  // #region by-chance
  it('conserves the sum whatever the store does', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const rates = { unknownAfterWrite: 0.1, unknownBeforeWrite: 0.1, lateCommit: 0.1, staleRead: 0.2 }
    const store = faultyStore(memoryStore(), { runtime, seed: 7, rates })
    const system = await start({ aggregates: [account], store, runtime, logger: silentLogger })
    const alice = system.get(account, 'alice')

    const opening = alice.ask({ type: 'Open', owner: 'alice' }, { timeoutMs: 600_000 })
    const deposits = Array.from({ length: 50 }, () =>
      alice.ask({ type: 'Deposit', amount: 1 }, { timeoutMs: 600_000 }),
    )
    await runtime.run(Promise.all([opening, ...deposits]))

    expect((await alice.state()).context.balance).toBe(50)
    await runtime.run(system.stop())
  })
  // #endregion by-chance

  // #region foreign-writer
  it('decides again on what another writer has stored', async () => {
    const runtime = simulatedRuntime()
    const store = memoryStore()
    const system = await start({ aggregates: [account], store, runtime, logger: silentLogger })
    const alice = system.get(account, 'alice')
    await alice.ask({ type: 'Open', owner: 'alice' })

    const other = await foreignWriter(store, runtime)
    await other.write('account-alice', [{ type: 'Deposited', amount: 70, rounding: 0 }])

    const outcome = await alice.ask({ type: 'Withdraw', amount: 70 })
    expect(outcome).toMatchObject({ status: 'accepted', events: [{ type: 'Withdrawn' }] })
    await system.stop()
  })
  // #endregion foreign-writer
})
