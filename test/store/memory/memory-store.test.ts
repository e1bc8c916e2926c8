import { describe, it } from 'vitest'
import { memoryStore } from '../../../src/store/memory/memory-store.ts'
import { storeContract } from '../../../src/testing/store-contract.ts'

storeContract('memory', () => ({ provider: memoryStore() }), { runner: { describe, it }, reopen: 'volatile' })
