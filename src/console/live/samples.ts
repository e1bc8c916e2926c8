import type { Meter } from '../meter.ts'
import type { Source } from './source.ts'

/** The samples that this reader does not have yet; the meter keeps five minutes of them and no more. */
export function samples(meter: Meter, since: number): Source {
  const stop = meter.read()
  let last = since
  return {
    everyBeats: 1,
    take() {
      const fresh = meter.after(last)
      const newest = fresh.at(-1)
      if (newest === undefined) return undefined
      last = newest.at
      return { name: 'samples', json: JSON.stringify(fresh) }
    },
    close: stop,
  }
}
