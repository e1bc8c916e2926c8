// A node of the simulation as a process of its own, on a real store: see process-node.ts. It is told line by line.
import { createInterface } from 'node:readline'
import { type StoreProvider, start } from '../../../src/index.ts'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import { silentLogger } from '../../../src/testing/silent-logger.ts'
import { ledger } from '../ledger.ts'
import type { NodeOrder, NodeReport, PlainError, StartOrder, StoreOrder } from './orders.ts'

const say = (report: NodeReport): void => void process.stdout.write(`${JSON.stringify(report)}\n`)
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
say({ kind: 'warm' })
const first = await lines.next()
// Nobody needs it: it was kept warm in vain.
if (first.done === true) process.exit(0)
const { store, settings } = JSON.parse(first.value) as StartOrder
const system = await start({
  aggregates: [ledger],
  store: await storeOf(store),
  logger: silentLogger,
  settings,
})
say({ kind: 'started', system: system.id })
for (let line = await lines.next(); line.done !== true; line = await lines.next()) {
  obey(JSON.parse(line.value) as NodeOrder)
}

async function storeOf(order: StoreOrder): Promise<StoreProvider> {
  if (order.kind === 'embedded') return embeddedStore({ path: order.path })
  const { eventStoreDB } = await import('../../../src/store/eventstoredb/index.ts')
  return eventStoreDB({
    connectionString: order.connectionString,
    callTimeoutMs: 1_000,
    replaceAfterMs: 1_000,
    heartbeatMs: 500,
  })
}

function obey(order: NodeOrder): void {
  switch (order.kind) {
    case 'ask': {
      const { nth, id, command, options } = order
      system
        .get(ledger, id)
        .ask(command, options)
        .then(
          (outcome) => say({ kind: 'outcome', nth, outcome }),
          (error: unknown) => say({ kind: 'failed', nth, error: plain(error) }),
        )
      return
    }
    case 'tell':
      system.get(ledger, order.id).tell(order.command, { commandId: order.commandId })
      return
    case 'look': {
      const { nth, id } = order
      system
        .get(ledger, id)
        .state()
        .then(
          ({ revision, value, context }) => say({ kind: 'state', nth, state: { revision, value, context } }),
          (error: unknown) => say({ kind: 'failed', nth, error: plain(error) }),
        )
      return
    }
    case 'stop':
      void system.stop().then(({ unsettled }) => say({ kind: 'stopped', unsettled }))
  }
}

function plain(thrown: unknown): PlainError {
  const error = thrown as PlainError
  const { name, message, tag, executed } = error
  return {
    name,
    message,
    ...(tag === undefined ? {} : { tag }),
    ...(executed === undefined ? {} : { executed }),
  }
}
