import { categoryOf } from '../event/stream-name.ts'
import type { EventFilter } from './event-store.ts'

/**
 * A filter split by what must be known to test it, so that a store can pass over a whole command, or a whole stream,
 * before it decodes a single event.
 */
export interface EventMatcher {
  stream(stream: string): boolean
  correlation(correlationId: string | undefined): boolean
  type(type: string): boolean
}

const always = (): boolean => true

/** @returns `undefined` where every event fits: then nothing needs to be asked. */
export function matcherOf(filter: EventFilter | undefined): EventMatcher | undefined {
  const { categories, eventTypes, correlationId } = filter ?? {}
  if (categories === undefined && eventTypes === undefined && correlationId === undefined) return undefined
  const wantedCategories = new Set(categories)
  const wantedTypes = new Set(eventTypes)
  return {
    stream: categories === undefined ? always : (stream) => wantedCategories.has(categoryOf(stream)),
    correlation: correlationId === undefined ? always : (candidate) => candidate === correlationId,
    type: eventTypes === undefined ? always : (type) => wantedTypes.has(type),
  }
}
