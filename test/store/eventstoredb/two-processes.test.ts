import { randomUUID } from 'node:crypto'
import { type System, start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from 'reenact/testing'
import { afterAll, beforeAll, vi } from 'vitest'
import type { EventStore } from '../../../src/store/event-store.ts'
import { noteNamed } from '../../actors/kit/note.ts'
import { Child } from '../../actors/processes/child.ts'
import { itHoldsForTwoProcesses } from '../../actors/processes/two-processes.ts'
import { type BundledFolder, bundledWithThread } from '../../support/bundle.ts'
import { onEachServer } from '../../support/eventstoredb/servers.ts'
import { openReader } from './processes/stored.ts'

// Whole processes that share a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

onEachServer('two processes on one EventStoreDB', (connectionString) => {
  const category = `two${randomUUID().replaceAll('-', '')}`
  const note = noteNamed(category)
  let program: BundledFolder
  let here: System
  let there: Child
  let nameThere: string
  let store: EventStore

  beforeAll(async () => {
    program = await bundledWithThread(new URL('./processes/obedient.ts', import.meta.url), 'obedient')
    there = new Child(program.file, [connectionString(), category])
    const provider = eventStoreDB({ connectionString: connectionString() })
    here = await start({ aggregates: [note], store: provider, logger: silentLogger })
    store = await openReader(connectionString())
    nameThere = (JSON.parse(await there.line()) as { readonly system: string }).system
  })
  afterAll(async () => {
    await there.end()
    await here.stop()
    await store.close()
    await program.remove()
  })

  itHoldsForTwoProcesses(
    () => ({ here, there, nameThere, definition: note, store }),
    'know at once what the other one has acknowledged: a rejection needs the true head',
  )
})
