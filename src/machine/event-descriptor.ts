import type { Chart } from './chart.ts'

/** xstate's rule: a descriptor is an event type, `*` for any, or `a.b.*` for `a.b` and all that begins with `a.b.`. */
export function descriptorMatches(type: string, descriptor: string): boolean {
  if (descriptor === type || descriptor === '*') return true
  if (!descriptor.endsWith('.*')) return false
  const prefix = descriptor.slice(0, -2)
  return type === prefix || type.startsWith(`${prefix}.`)
}

/** What xstate keeps for itself: nobody sends these from outside. */
const isInternal = (type: string): boolean => type === '*' || type === '' || type.startsWith('xstate.')

/** Which event types a machine may be shown. */
export interface KnownTypes {
  /** Named in some `on`: only these are worth remembering by type. */
  readonly named: ReadonlySet<string>
  /** Named, or caught by a wildcard of the machine. */
  has(type: string): boolean
}

/**
 * xstate remembers every event type that it is ever shown, for ever: 200,000 strange types grew the heap by 46 MB.
 * So a type that the machine does not know never reaches it.
 */
export function knownTypesOf(chart: Chart): KnownTypes {
  const descriptors = new Set(chart.nodes.flatMap((node) => [...node.on.keys()]))
  const isWildcard = (descriptor: string): boolean => descriptor === '*' || descriptor.endsWith('.*')
  const wildcards = [...descriptors].filter(isWildcard)
  const named = new Set(
    [...descriptors].filter((descriptor) => !isWildcard(descriptor) && !isInternal(descriptor)),
  )
  return {
    named,
    has: (type) =>
      named.has(type) ||
      (wildcards.length > 0 &&
        !isInternal(type) &&
        wildcards.some((descriptor) => descriptorMatches(type, descriptor))),
  }
}
