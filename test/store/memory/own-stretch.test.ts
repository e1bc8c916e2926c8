import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Append, DecidedCommand } from '../../../src/store/event-store.ts'
import { OwnStretch } from '../../../src/store/memory/own-stretch.ts'

/** The systems of the commands of an append; nearly always one. */
const arbitrarySystems = fc.array(fc.constantFrom('one', 'two'), { minLength: 1, maxLength: 3 })

const appendOf = (systems: readonly string[]): Append => ({
  id: 'append',
  stream: 'account-a',
  expectedRevision: -1,
  commands: systems.map((system) => ({ origin: { system } }) as DecidedCommand),
})

it('says of an append that all from it on are of one system, exactly where they are', () => {
  fc.assert(
    fc.property(fc.array(arbitrarySystems, { maxLength: 8 }), (log) => {
      const stretch = new OwnStretch()
      for (const [ordinal, systems] of log.entries()) stretch.add(ordinal, appendOf(systems))
      for (const system of ['one', 'two']) {
        for (const ordinal of log.keys()) {
          const isAlone = log.slice(ordinal).every((systems) => systems.every((other) => other === system))
          expect(stretch.holds(ordinal, system)).toBe(isAlone)
        }
      }
    }),
  )
})
