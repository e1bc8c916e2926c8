/** Fields that differ from run to run: positions, times, ids that the client or the server made. */
const volatileFields = new Set(
  'commitPosition preparePosition commit prepare created correlationId subscriptionId instanceId timeStamp seconds nanos seq opened ended cancelledByClient halfClosedByClient lastCheckpointedEventPosition lastKnownEventPosition averagePerSecond averageItemsPerSecond countSinceLastMeasurement observedMeasurementsList metastreamRevision added address port $c $p lastCheckpointedEventRevision'.split(
    ' ',
  ),
)
/** Positions that mean something by themselves. */
const limits = new Set<unknown>([0, '0', '0n', '18446744073709551615'])
const positions = /[pP]osition|commit|prepare/
const anyId = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
/** The ids that the scenarios chose themselves, and the empty one. */
const fixedId = /^0e5d|^0{8}/i

/** Replaces what may differ by marks; foreign ids are numbered in the order of their first appearance. */
export function normalise(value: unknown): unknown {
  const ids = new Map<string, string>()
  const mark = (id: string): string => {
    if (fixedId.test(id)) return id
    let known = ids.get(id)
    if (known === undefined) {
      known = `<id ${ids.size}>`
      ids.set(id, known)
    }
    return known
  }
  const text = (plain: string, key: string): string => {
    if (key === 'json' && plain.length < 2000) {
      try {
        return JSON.stringify(walk(JSON.parse(plain), 'parsed'))
      } catch {
        // Not JSON: compared as it is.
      }
    }
    return plain.replace(anyId, mark).replace(/Deadline exceeded after .*/, 'Deadline exceeded …')
  }
  const walk = (item: unknown, key: string): unknown => {
    if (volatileFields.has(key) && typeof item !== 'object') {
      return limits.has(item) && positions.test(key) ? item : `<${key}>`
    }
    if (typeof item === 'string') return text(item, key)
    if (Array.isArray(item)) return item.map((each) => walk(each, key))
    if (typeof item !== 'object' || item === null) return item
    return Object.fromEntries(Object.entries(item).map(([name, each]) => [name, walk(each, name)]))
  }
  return walk(value, '')
}
