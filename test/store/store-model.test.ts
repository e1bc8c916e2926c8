import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { appendIds } from '../../src/event/event-id.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import { systemRuntime } from '../../src/runtime.ts'
import { openEmbedded } from '../../src/store/embedded/embedded-handle.ts'
import type {
  Append,
  EventStore,
  ReadStreamOptions,
  StoreProvider,
  Verdict,
} from '../../src/store/event-store.ts'
import { eventsOf } from '../../src/store/events-of.ts'
import { memoryStore } from '../../src/store/memory/memory-store.ts'
import { silentLogger } from '../../src/testing/silent-logger.ts'
import { temporaryFolder } from './embedded/processes/opened.ts'

/*
 * Any sequence of appends (right, wrong, repeated, in batches) and of opening again, held against the simplest store
 * there can be: a list.
 */

type Step =
  | { readonly kind: 'append'; readonly batch: readonly { stream: number; events: number; off: number }[] }
  | { readonly kind: 'repeat'; readonly which: number }
  | { readonly kind: 'reopen' }

const arbitraryStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      batch: fc.uniqueArray(
        fc.record({
          stream: fc.nat(8),
          events: fc.oneof(
            { weight: 9, arbitrary: fc.integer({ min: 1, max: 5 }) },
            fc.constantFrom(64, 65, 600),
          ),
          off: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: -3, max: 3 })),
        }),
        { minLength: 1, maxLength: 6, selector: ({ stream }) => stream },
      ),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('repeat' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reopen' as const }) },
)

const context = { runtime: systemRuntime, logger: silentLogger, system: 'system' }
const hasty = { streamsOfCheckpoint: 3, eventsOfCheckpoint: 50, headsKept: 4 }

describe.each<[string, () => Promise<StoreProvider>]>([
  ['memory', async () => memoryStore()],
  [
    'embedded',
    async () => {
      const path = await temporaryFolder()
      return { description: 'embedded', open: (given) => openEmbedded(path, 1, given, hasty) }
    },
  ],
])('%s store, any sequence of appends', (_, make) => {
  it('holds what a list would hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(arbitraryStep, { maxLength: 25 }), async (steps) => {
        const provider = await make()
        let store = await provider.open(context)
        const nextId = appendIds(systemRuntime.uuid())
        const log: { readonly stream: string; readonly id: string; readonly offset: number }[] = []
        const heads = new Map<string, number>()
        const written: { readonly append: Append; readonly verdict: Verdict }[] = []
        for (const step of steps) {
          if (step.kind === 'reopen') {
            await store.close()
            store = await provider.open(context)
          } else if (step.kind === 'repeat') {
            const chosen = written[step.which % Math.max(1, written.length)]
            if (chosen !== undefined) expect(await send(store, [chosen.append])).toEqual([chosen.verdict])
          } else {
            const batch = step.batch.map(({ stream, events, off }) =>
              appendOf(nextId(), `c-${stream}`, (heads.get(`c-${stream}`) ?? -1) + off, events),
            )
            const verdicts = await send(store, batch)
            for (const [index, append] of batch.entries()) {
              const head = heads.get(append.stream) ?? -1
              const verdict = verdicts[index]!
              if (append.expectedRevision !== head) {
                expect(verdict).toEqual({ status: 'conflict', revision: head })
                continue
              }
              const { events } = append.commands[0]!
              expect(verdict).toMatchObject({ status: 'written', revision: head + events.length })
              heads.set(append.stream, head + events.length)
              for (const offset of events.keys()) log.push({ stream: append.stream, id: append.id, offset })
              written.push({ append, verdict })
            }
          }
        }
        const all = await collect(store.readAll())
        expect(all.map(({ stream, id, index }) => ({ stream, id: id.slice(0, 32), offset: index }))).toEqual(
          log.map(({ stream, id, offset }) => ({ stream, id: id.slice(0, 32), offset })),
        )
        for (const [stream, head] of heads) {
          expect(await store.checkHead(stream, head)).toBe(true)
          const own = all.filter((event) => event.stream === stream)
          expect(own.map(({ revision }) => revision)).toEqual([...own.keys()])
          for (const range of rangesOf(head)) {
            expect(await collect(store.readStream(stream, range))).toEqual(within(own, range))
          }
        }
        await store.close()
      }),
      { numRuns: 25 },
    )
  })
})

const rangesOf = (head: number): readonly ReadStreamOptions[] => [
  {},
  { direction: 'backwards' },
  { from: Math.floor(head / 2), limit: 3 },
  { from: Math.floor(head / 2), limit: 3, direction: 'backwards' },
  { from: head },
]

function within(
  events: readonly RecordedEvent[],
  { from, limit, direction }: ReadStreamOptions,
): readonly RecordedEvent[] {
  const wanted =
    direction === 'backwards'
      ? events.filter(({ revision }) => revision <= (from ?? events.length)).reverse()
      : events.slice(from ?? 0)
  return wanted.slice(0, limit)
}

function appendOf(id: string, stream: string, expectedRevision: number, events: number): Append {
  const origin = {
    commandId: id,
    commandType: 'Do',
    count: events,
    system: 'system',
    correlationId: id,
    causationId: id,
  }
  const event = { type: 'Done', json: '{"some":"payload"}' }
  const commands = [{ schemaVersion: 1, origin, events: new Array<typeof event>(events).fill(event) }]
  return { id, stream, expectedRevision, commands }
}

function send(store: EventStore, batch: readonly Append[]): Promise<readonly Verdict[]> {
  return new Promise((resolve) => {
    const verdicts: Verdict[] = []
    let left = batch.length
    store.append(batch, (index, verdict) => {
      verdicts[index] = verdict
      if (--left === 0) resolve(verdicts)
    })
  })
}

async function collect(pages: AsyncIterable<readonly RecordedEvent[]>): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = []
  for await (const event of eventsOf(pages)) events.push(event)
  return events
}
