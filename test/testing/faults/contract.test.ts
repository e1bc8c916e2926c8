import { describe, it } from 'vitest'
import { memoryStore } from '../../../src/store/memory/memory-store.ts'
import { faultyStore, simulatedRuntime, storeContract } from '../../../src/testing/index.ts'

// Without a fault, the wrapper must be as good a store as the one inside.
storeContract(
  'a faulty store without faults',
  () => {
    const runtime = simulatedRuntime({ startAt: Date.now() })
    const provider = faultyStore(memoryStore(), { runtime })
    return {
      provider,
      withhold: (stream) => {
        provider.next({ kind: 'withheldVerdict', afterMs: 1000 }, { stream })
        return () => void runtime.advance(1000)
      },
    }
  },
  { runner: { describe, it }, reopen: 'volatile', withheldVerdicts: 'can', longStream: 10_000 },
)
