import fc from 'fast-check'
import { afterEach, expect, test, vi } from 'vitest'
import { behaviour, type CommandOf } from '../../src/aggregate/aggregate-type.ts'
import { aggregate } from '../../src/aggregate/index.ts'
import { type account, accountMachine, bank } from './bank.ts'
import { decided, id, storedForm } from './recorded.ts'

const amount = fc.integer({ min: 1, max: 20 })
const command: fc.Arbitrary<CommandOf<typeof account>> = fc.oneof(
  fc.record({
    type: fc.constant('Open' as const),
    owner: fc.string({ minLength: 1 }),
    overdraft: fc.nat(10),
  }),
  fc.record({ type: fc.constant('Deposit' as const), amount }),
  fc.record({ type: fc.constant('Withdraw' as const), amount }),
  fc.constant({ type: 'Close' as const }),
)

afterEach(() => void vi.unstubAllEnvs())

test.each(['production', 'test'])(
  'after any commands the live state is the replay of the stored events, and a snapshot of it (%s)',
  (environment) => {
    vi.stubEnv('NODE_ENV', environment)
    const account = aggregate({ ...bank, name: 'account', machine: accountMachine })
    const runs = account[behaviour]
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        let live = runs.initial(id)
        let replayed = live
        let revision = -1
        for (const next of commands) {
          const before = JSON.stringify(runs.dump(live))
          const decision = decided(account, next, live)
          // Whatever was decided, the state that decided stays as it was.
          expect(JSON.stringify(runs.dump(live))).toBe(before)
          if (decision.status !== 'accepted') continue
          live = decision.state
          for (const event of decision.events) {
            const stored = storedForm(event, ++revision)
            expect(runs.decode(stored)).toEqual([event.message])
            expect(event.bytes).toBe(Buffer.byteLength(event.json))
            expect(event.json).toBe(JSON.stringify(stored.data))
            replayed = runs.replay(replayed, stored)
          }
          const dump = runs.dump(live)
          expect(runs.dump(replayed)).toEqual(dump)
          expect(runs.dump(runs.restore(JSON.parse(JSON.stringify(dump))))).toEqual(dump)
        }
      }),
      { numRuns: 200 },
    )
  },
)
