// A process with a system of its own on an embedded store, that does what it is told: see two-processes.test.ts.
import { start } from 'reenact'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import { silentLogger } from '../../../src/testing/index.ts'
import { note } from '../kit/note.ts'
import { obey } from './obey.ts'

const path = process.argv[2]!
const system = await start({ aggregates: [note], store: embeddedStore({ path }), logger: silentLogger })
await obey(system, note)
