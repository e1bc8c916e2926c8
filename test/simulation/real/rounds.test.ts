import { expect, test } from 'vitest'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import { type Rounds, roundsOnEmbedded, roundsOnEventStoreDB } from './rounds.ts'

// The clients and the checks of the simulation on real parts. REENACT_SEED=7 takes the choices of an earlier run.
const seed = Number(process.env['REENACT_SEED'] ?? Date.now() % 1_000_000)

function checkedRounds(rounds: number): Rounds {
  return {
    rounds,
    seed,
    onSession: (ofSession, count, { violations, ...figures }) => {
      console.log(`${count} rounds, seed ${ofSession}: ${JSON.stringify(figures)}`)
      expect(violations, `seed ${ofSession}`).toEqual([])
      expect(figures.accepted).toBeGreaterThan(count)
    },
  }
}

test('fifty processes killed on the embedded store break no rule', async () => {
  await roundsOnEmbedded(checkedRounds(50))
}, 600_000)

onEachServer('the clients of the simulation on EventStoreDB', (connectionString) => {
  test('ten processes or connections cut break no rule', async () => {
    await roundsOnEventStoreDB(connectionString(), checkedRounds(10))
  }, 600_000)
})
