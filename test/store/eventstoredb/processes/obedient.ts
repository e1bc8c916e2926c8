// A process with a system of its own on an EventStoreDB, that does what it is told: see two-processes.test.ts.
import { start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from '../../../../src/testing/index.ts'
import { noteNamed } from '../../../actors/kit/note.ts'
import { obey } from '../../../actors/processes/obey.ts'

const [connectionString = '', category = ''] = process.argv.slice(2)
const note = noteNamed(category)
const store = eventStoreDB({ connectionString })
const system = await start({ aggregates: [note], store, logger: silentLogger })
await obey(system, note)
process.exit(0)
