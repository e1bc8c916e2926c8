import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'

storeContract(
  'embedded',
  async () => {
    const path = await mkdtemp(join(tmpdir(), 'reenact-'))
    return {
      provider: embeddedStore({ path }),
      again: () => embeddedStore({ path }),
      dispose: () => rm(path, { recursive: true }),
    }
  },
  { runner: { describe, it }, reopen: 'durable' },
)
