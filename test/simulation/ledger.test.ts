import fc from 'fast-check'
import { expect, test } from 'vitest'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { MachineState } from '../../src/machine/kernel.ts'
import { ledger } from './ledger.ts'
import { decided, emptyLedger, evolved, type LedgerCommand, type LedgerState } from './ledger-model.ts'

const command: fc.Arbitrary<LedgerCommand> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ type: fc.constantFrom('Add', 'AddThree'), amount: fc.integer() }) },
  { weight: 8, arbitrary: fc.record({ type: fc.constantFrom('Odd', 'Touch') }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constantFrom('ThrowInGuard', 'ThrowInAssign', 'ThrowInSchema') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constantFrom('SlowInGuard', 'SlowInAssign', 'SlowInSchema'),
      ms: fc.nat(5),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('Close') }) },
)

// The checks hold the runtime to the plain model; so the machine must say the same.
test('the machine of the simulation and its plain model say the same', () => {
  const machine = ledger[behaviour]
  fc.assert(
    fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
      let state: MachineState = machine.initial('a')
      let model: LedgerState = emptyLedger
      for (const command of commands) {
        const decision = machine.decide('a', state, machine.accept('a', command), Number.POSITIVE_INFINITY)
        const answer = decided(model, command)
        expect(decision.status).toBe(answer.status)
        if (decision.status === 'rejected' && answer.status === 'rejected') {
          expect(decision.code).toBe(answer.code)
        }
        if (decision.status !== 'accepted' || answer.status !== 'accepted') continue
        expect(decision.events.map(({ message }) => message)).toEqual(answer.events)
        state = decision.state
        for (const event of answer.events) model = evolved(model, event) as LedgerState
        const { context, status } = machine.view(state)
        expect({ ...(context as object), isClosed: status === 'done' }).toEqual(model)
      }
    }),
  )
})
