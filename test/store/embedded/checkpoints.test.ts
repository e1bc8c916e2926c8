import { describe, it } from 'vitest'
import { openEmbedded } from '../../../src/store/embedded/embedded-handle.ts'
import type { StoreProvider } from '../../../src/store/event-store.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'
import { temporaryFolder } from './processes/opened.ts'

// Checkpoints of heads come after a million events; here they come all the time.
const hasty = { streamsOfCheckpoint: 3, eventsOfCheckpoint: 50, headsKept: 4 }

storeContract(
  'embedded, with a checkpoint every few appends',
  async () => {
    const path = await temporaryFolder()
    const provider: StoreProvider = {
      description: 'embedded',
      open: (context) => openEmbedded(path, 1, context, hasty),
    }
    return { provider }
  },
  { runner: { describe, it }, reopen: 'durable', longStream: 5_000 },
)
