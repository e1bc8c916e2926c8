/**
 * Freezes values so that a guard or an assign that writes in place throws where it does so, instead of changing
 * history unseen. It costs time, so it is for development; whether it is on is decided once, when a kernel is made.
 */
export type Freezing = 'frozen' | 'unfrozen'

export function freezingOfEnvironment(): Freezing {
  const { NODE_ENV: environment } = process.env
  return environment === 'production' ? 'unfrozen' : 'frozen'
}

/** Remembers what is frozen to the bottom: `Object.isFrozen` tells the surface only. */
const frozenWhole = new WeakSet<object>()

export function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null || frozenWhole.has(value)) return
  frozenWhole.add(value)
  Object.freeze(value)
  for (const inner of Object.values(value)) deepFreeze(inner)
}

/** Whether this is how V8 reports a write to something frozen. */
export function isFrozenWrite(error: unknown): boolean {
  return (
    error instanceof TypeError &&
    /read only property|object is not extensible|Cannot (delete|define|redefine) property/.test(error.message)
  )
}
