import type { RecordedEvent } from '../../event/recorded-event.ts'
import { sleep } from '../../runtime.ts'
import type { ReadAllOptions, ReadStreamOptions } from '../../store/event-store.ts'
import type { ReadFault, StoreOperation } from './fault.ts'
import { duringOutage, type StoreWorld, unavailable } from './store-world.ts'

type Pages = AsyncGenerator<readonly RecordedEvent[], void, undefined>

export async function* readStreamFaultily(
  world: StoreWorld,
  system: string,
  stream: string,
  options: ReadStreamOptions = {},
): Pages {
  const operation = { kind: 'read', system, stream } as const
  const fault = strikeRead(world, operation)
  if (fault?.kind !== 'staleRead') {
    return yield* through(world, operation, fault, world.store.readStream(stream, options))
  }
  const last = world.lagging.revisionOf(stream, fault.appendsBehind)
  if (last < 0) return
  const stale: ReadStreamOptions =
    options.direction === 'backwards' ? { ...options, from: Math.min(options.from ?? last, last) } : options
  for await (const page of world.store.readStream(stream, stale)) {
    const shown = page.filter((event) => event.revision <= last)
    if (shown.length > 0) yield shown
  }
}

export async function* readAllFaultily(world: StoreWorld, system: string, options?: ReadAllOptions): Pages {
  const operation = { kind: 'read', system } as const
  const fault = strikeRead(world, operation)
  if (fault?.kind !== 'staleRead') {
    return yield* through(world, operation, fault, world.store.readAll(options))
  }
  const last = world.lagging.position(fault.appendsBehind)
  for await (const page of world.store.readAll(options)) {
    const shown = page.filter((event) => event.position <= last)
    if (shown.length > 0) yield shown
  }
}

function strikeRead(world: StoreWorld, operation: StoreOperation & { kind: 'read' }): ReadFault | undefined {
  if (world.outage() !== undefined) throw duringOutage(world, operation)
  return world.strike(operation)
}

async function* through(
  world: StoreWorld,
  operation: StoreOperation,
  fault: Exclude<ReadFault, { kind: 'staleRead' }> | undefined,
  pages: AsyncIterable<readonly RecordedEvent[]>,
): Pages {
  if (fault?.kind === 'slowRead') await sleep(world.runtime, fault.afterMs)
  let left = fault?.kind === 'failedRead' ? fault.afterEvents : Number.POSITIVE_INFINITY
  for await (const page of pages) {
    if (page.length > left) {
      if (left > 0) yield page.slice(0, left)
      break
    }
    left -= page.length
    if (fault?.kind === 'tornPages') {
      for (let first = 0; first < page.length; first += fault.events) {
        yield page.slice(first, first + fault.events)
      }
    } else yield page
    if (world.outage() !== undefined) throw duringOutage(world, operation)
  }
  if (fault?.kind === 'failedRead') throw unavailable('The read', fault.kind)
}
