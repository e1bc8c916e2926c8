import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe } from 'vitest'
import { type System, start } from '../../../src/index.ts'
import { systemRuntime } from '../../../src/runtime.ts'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import type { EventStore } from '../../../src/store/event-store.ts'
import { silentLogger } from '../../../src/testing/index.ts'
import { bundled } from '../../support/bundle.ts'
import { note } from '../kit/note.ts'
import { Child } from './child.ts'
import { itHoldsForTwoProcesses } from './two-processes.ts'

let folder: string
let program: string
let here: System
let there: Child
let store: EventStore
let nameThere: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reenact-two-'))
  const provider = embeddedStore({ path: join(folder, 'data') })
  program = await bundled(new URL('./obedient.ts', import.meta.url), 'obedient')
  there = new Child(program, [join(folder, 'data')])
  here = await start({ aggregates: [note], store: provider, logger: silentLogger })
  store = await provider.open({ runtime: systemRuntime, logger: silentLogger, system: 'reader' })
  nameThere = (JSON.parse(await there.line()) as { readonly system: string }).system
}, 120_000)

afterAll(async () => {
  await there.end()
  await here.stop()
  await store.close()
  await rm(folder, { recursive: true })
  await rm(program)
}, 120_000)

describe('two processes on one embedded store', () => {
  itHoldsForTwoProcesses(
    () => ({ here, there, nameThere, definition: note, store }),
    'rule 19: what the other one has acknowledged is known here at once, and on disk',
  )
})
