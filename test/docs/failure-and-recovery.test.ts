import { readFileSync } from 'node:fs'
import * as reenact from 'reenact'
import { AggregateQuarantined, CommandTimeout, memoryStore, type System, start } from 'reenact'
import { faultyStore, foreignWriter, silentLogger, simulatedRuntime } from 'reenact/testing'
import { expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'

// #region ask-again
async function deposit(system: System, id: string, amount: number, commandId: string) {
  for (;;) {
    try {
      return await system.get(account, id).ask({ type: 'Deposit', amount }, { commandId })
    } catch (error) {
      // Nobody knows whether it was executed. Asked again with the same id, it cannot be executed twice.
      if (!(error instanceof CommandTimeout)) throw error
    }
  }
}
// #endregion ask-again

test('asking again after a timeout finds the first effect', async () => {
  const runtime = simulatedRuntime()
  const store = faultyStore(memoryStore(), { runtime })
  const system = await start({ aggregates: [account], store, runtime, logger: silentLogger })
  const alice = system.get(account, 'alice')
  await runtime.run(alice.ask({ type: 'Open', owner: 'Alice' }))

  store.next({ kind: 'lateAnswer', afterMs: 45_000 }, { stream: 'account-alice' })
  const outcome = await runtime.run(deposit(system, 'alice', 50, 'deposit-1'))

  expect(outcome).toMatchObject({ status: 'accepted', revision: 1 })
  expect((await alice.state()).context.balance).toBe(50)
  await runtime.run(system.stop())
})

test('releasing an aggregate from quarantine', async () => {
  const runtime = simulatedRuntime()
  const store = memoryStore()
  const stranger = await foreignWriter(store, runtime)
  await stranger.write('account-alice', [{ type: 'Inherited', amount: 1 }])
  const system = await start({ aggregates: [account], store, runtime, logger: silentLogger })
  const causes: string[] = []
  let released = false

  // #region release
  try {
    await system.get(account, 'alice').ask({ type: 'Deposit', amount: 50 })
  } catch (error) {
    if (!(error instanceof AggregateQuarantined)) throw error
    causes.push(error.message) // which event at which revision, and why
    released = system.release(account, 'alice') // once the cause is mended: it recovers from its stream
  }
  // #endregion release
  expect(causes).toEqual([expect.stringMatching(/EventMisfit.*Inherited/)])
  expect(released).toBe(true)
  await system.stop()
})

test('every error that the package exports has its row', () => {
  const page = readFileSync('docs/failure-and-recovery.md', 'utf8')
  const errors = Object.entries(reenact)
    .filter(([, value]) => (value as { prototype?: unknown }).prototype instanceof reenact.ReenactError)
    .map(([name]) => name)
  expect(errors.length).toBeGreaterThan(15)
  expect(errors.filter((name) => !page.includes(`\n| \`${name}\` |`))).toEqual([])
})
