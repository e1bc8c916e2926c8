import { StoreUnavailable } from '../errors.ts'

/** What every call after `close` is refused with. */
export function closedStore(description: string): StoreUnavailable {
  return new StoreUnavailable(`The store (${description}) is closed.`, 'Open it again to go on.')
}
