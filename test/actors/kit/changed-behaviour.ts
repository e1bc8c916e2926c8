import { type Aggregate, behaviour } from '../../../src/aggregate/aggregate-type.ts'
import type { Behaviour } from '../../../src/behaviour.ts'

/** The same definition, of which some things behave otherwise: as after a change of its code, or with a bug. */
export function changedBehaviour<A extends Aggregate>(
  definition: A,
  change: (original: Behaviour) => Partial<Behaviour>,
): A {
  const original = definition[behaviour]
  const changes = change(original)
  const changed = new Proxy(original, {
    get(target, key) {
      if (key in changes) return Reflect.get(changes, key)
      const own: unknown = Reflect.get(target, key)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
  return { ...definition, [behaviour]: changed }
}
