// A process under load on an EventStoreDB. It says `warm` and is sent its order, says `ready` when its system has
// started, begins at the next line, says `loaded` when it is in full swing, and in the end how it went. Each outcome is
// noted in a file, at once.
import { openSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import {
  CommandTimeout,
  ConflictRetriesExhausted,
  type StoreProvider,
  StoreUnavailable,
  start,
} from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { sleep, systemRuntime } from '../../../../src/runtime.ts'
import { silentLogger } from '../../../../src/testing/index.ts'
import { noteNamed } from '../../../actors/kit/note.ts'
import { commandIdOf, commandOf, type LoadOrder, type LoadReport } from './load-order.ts'

const warmedUp = 50

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
const say = (what: string): void => void process.stdout.write(`${what}\n`)
say('warm')
const order = JSON.parse((await lines.next()).value) as LoadOrder

/** The store without a word of what others write. */
function deaf(store: StoreProvider): StoreProvider {
  return {
    description: store.description,
    async open(context) {
      const opened = await store.open(context)
      return new Proxy(opened, {
        get(target, name) {
          if (name === 'subscribe') return () => target.subscribe({ filter: { categories: [] } })
          const value = Reflect.get(target, name)
          return typeof value === 'function' ? value.bind(target) : value
        },
      })
    },
  }
}

const note = noteNamed(order.category)
const store = eventStoreDB({ connectionString: order.connectionString })
const system = await start({
  aggregates: [note],
  store: order.tail === 'deaf' ? deaf(store) : store,
  logger: silentLogger,
  settings: { snapshotEvery: 100 },
})
let conflicts = 0
let refreshed = 0
system.inspect((event) => {
  if (event.kind === 'conflict') conflicts += 1
  else if (event.kind === 'refreshed') refreshed += 1
})

const file = openSync(order.outcomes, 'a')
const unanswered: Record<string, number> = {}
let answered = 0

async function ask(commandId: string): Promise<void> {
  const { id, command } = commandOf(commandId, order.aggregates)
  for (;;) {
    try {
      const outcome = await system.get(note, id).ask(command, { commandId, timeoutMs: order.timeoutMs })
      // In the file before anything else happens: the page cache outlives the process.
      writeSync(file, `${commandId} ${outcome.status} ${outcome.revision} ${Date.now()}\n`)
      answered += 1
      if (answered === warmedUp) say('loaded')
      return
    } catch (error) {
      const mayBeAskedAgain =
        error instanceof CommandTimeout ||
        error instanceof StoreUnavailable ||
        error instanceof ConflictRetriesExhausted
      if (!mayBeAskedAgain) throw error
      unanswered[error.name] = (unanswered[error.name] ?? 0) + 1
      await sleep(systemRuntime, 50)
    }
  }
}

say('ready')
await lines.next()
const again = [...order.again]
const startedAt = performance.now()
let asked = 0
let end = order.commands === 'until told' ? Number.POSITIVE_INFINITY : order.commands
if (order.commands === 'until told') {
  void lines.next().then(() => {
    end = 0
  })
}

async function oneAfterTheOther(): Promise<void> {
  for (;;) {
    const next = again.shift() ?? (asked < end ? commandIdOf(order.prefix, asked++) : undefined)
    if (next === undefined) return
    await ask(next)
  }
}

await Promise.all(Array.from({ length: order.outstanding }, oneAfterTheOther))
const seconds = (performance.now() - startedAt) / 1000
await system.stop()
say(JSON.stringify({ answered, conflicts, refreshed, again: unanswered, seconds } satisfies LoadReport))
process.exit(0)
