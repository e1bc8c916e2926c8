import { rm } from 'node:fs/promises'
import { type CommandOf, type EventOf, embeddedStore, memoryStore, type StoreProvider, start } from 'reenact'
import { given } from 'reenact/testing'
import { counter } from './counter.ts'

// What somebody who installed the package writes: typed against its declarations, run on its JavaScript.
const add: CommandOf<typeof counter> = { type: 'Add', amount: 2 }
const added: EventOf<typeof counter> = { type: 'Added', amount: 2 }
given(counter).when(add).then(added)

async function countIn(store: StoreProvider): Promise<number> {
  await using system = await start({ aggregates: [counter], store })
  const outcome = await system.get(counter, 'one').ask(add, { commandId: 'first' })
  if (outcome.status === 'rejected') throw new Error(outcome.message)
  const { context } = await system.get(counter, 'one').state()
  return context.count
}

const path = './data'
const counts = [
  await countIn(memoryStore()),
  await countIn(embeddedStore({ path })),
  await countIn(embeddedStore({ path })),
]
await rm(path, { recursive: true })
console.log(counts.join(' '))
