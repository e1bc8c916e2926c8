/*
 * The bank's Deposit on Emmett, as its documentation shows it: a CommandHandler over an event store. Plain JavaScript in
 * a package of its own, so that neither Reenact nor its checks ever need Emmett to be installed.
 *
 *   node main.mjs memory|sqlite|hot COMMANDS     prints, as JSON, commands a second at each number under way
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandHandler, getInMemoryEventStore } from '@event-driven-io/emmett'

const initialState = () => ({ owner: '', balance: 0 })

function evolve(account, { type, data }) {
  switch (type) {
    case 'Opened':
      return { owner: data.owner, balance: 0 }
    case 'Deposited':
      return { ...account, balance: account.balance + data.amount }
    default:
      return account
  }
}

const handle = CommandHandler({ evolve, initialState })
const open = (store, id) => handle(store, id, () => ({ type: 'Opened', data: { owner: 'bench' } }))
const deposit = (store, id) => handle(store, id, () => ({ type: 'Deposited', data: { amount: 1 } }))

/** Keeps so many under way. */
async function drive(count, underWay, call) {
  let next = 0
  let failed = 0
  const caller = async () => {
    while (next < count) {
      try {
        await call(next++)
      } catch {
        failed++
      }
    }
  }
  const began = performance.now()
  await Promise.all(Array.from({ length: underWay }, caller))
  return { perSecond: ((count - failed) * 1_000) / (performance.now() - began), failed }
}

async function run(store, accounts, commands, underWay) {
  for (let nth = 0; nth < accounts; nth++) await open(store, `account-${nth}`)
  const result = await drive(commands, underWay, (nth) => deposit(store, `account-${nth % accounts}`))
  return { underWay, ...result }
}

const kinds = {
  memory: (commands, underWay) => run(getInMemoryEventStore(), 1_000, commands, underWay),

  /** On one account only one at a time succeeds: the others of a version fail, or try again after a pause. */
  hot: (commands) => run(getInMemoryEventStore(), 1, commands, 1),

  /** One connection that stays open: opening one for each command, the default, is many times slower. */
  sqlite: async (commands, underWay) => {
    const { getSQLiteEventStore, sqliteConnection } = await import('@event-driven-io/emmett-sqlite')
    const folder = await mkdtemp(join(tmpdir(), 'emmett-bench-'))
    const fileName = join(folder, 'events.db')
    const connection = sqliteConnection({ fileName })
    const store = getSQLiteEventStore({
      fileName,
      schema: { autoMigration: 'CreateOrUpdate' },
      connectionOptions: { singleton: true, connection },
    })
    const result = await run(store, 1_000, commands, underWay)
    connection.close()
    await rm(folder, { recursive: true, force: true })
    return result
  },
}

const [kind, commands] = process.argv.slice(2)
// What the store logs of failures must not stand in the answer.
const log = console.log
console.log = () => undefined
const results = []
for (const underWay of kind === 'hot' ? [1] : [1, 100]) {
  if (kind !== 'hot') await kinds[kind](Math.min(2_000, Number(commands)), underWay)
  results.push(await kinds[kind](Number(commands), underWay))
}
log(JSON.stringify(results))
