import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BlockReader } from '../../../src/store/embedded/block-reader.ts'
import { BlockWriter, noPrevious } from '../../../src/store/embedded/block-writer.ts'
import { decodeHead, decodePlace, encodeHead, encodePlace } from '../../../src/store/embedded/head-codec.ts'
import { decodeHeadsUpTo, encodeHeadsUpTo } from '../../../src/store/embedded/log-end-codec.ts'
import { decodeSnapshot, encodeSnapshot } from '../../../src/store/embedded/snapshot-codec.ts'
import { SortedHeads } from '../../../src/store/embedded/sorted-heads.ts'
import { StreamHead } from '../../../src/store/embedded/stream-head.ts'
import { markKey, snapshotKey, snapshotRevision, streamKey } from '../../../src/store/embedded/stream-key.ts'
import { Page } from '../../../src/store/page.ts'
import { wholeRecord } from '../../../src/store/record/record-reader.ts'
import { arbitraryAppend, arbitraryText } from '../../support/arbitrary-append.ts'

const aPosition = fc.integer({ min: 1, max: 2 ** 52 })
const anIndex = fc.nat(65_535)

describe('block', () => {
  it('gives back each append with its links and times, in any order of asking', () => {
    const links = fc.record({
      append: arbitraryAppend,
      back: fc.nat(2 ** 40),
      index: anIndex,
      recordedAt: fc.nat(2 ** 45),
    })
    // One writer and one reader for all blocks, as in the store: nothing of a block may reach the next one.
    const writer = new BlockWriter()
    const reader = new BlockReader()
    fc.assert(
      fc.property(
        fc.integer({ min: 2 ** 41, max: 2 ** 52 }),
        fc.array(links, { minLength: 1, maxLength: 6 }),
        (first, records) => {
          writer.clear()
          for (const { append, recordedAt } of records) {
            expect(writer.add(append, eventsOf(append), recordedAt)).toBeUndefined()
          }
          expect(writer.close()).toEqual([])
          const links = records.flatMap(({ append, back, index }) => [
            append.expectedRevision < 0 ? noPrevious : first - back,
            index,
          ])
          reader.open(first, Buffer.from(writer.finish(first, Float64Array.from(links))))
          expect(reader.records).toBe(records.length)
          expect(reader.next).toBe(first + writer.events)
          let position = first
          const expected = records.map(({ append, ...rest }, number) => {
            const at = position
            position += eventsOf(append)
            return { append, number, at, ...rest }
          })
          for (const { append, number, at, back, index, recordedAt } of expected.reverse()) {
            const { record } = reader.at(number)
            expect(record.stream).toBe(append.stream)
            expect(reader.position).toBe(at)
            expect(reader.previous).toEqual(
              append.expectedRevision < 0 ? undefined : { block: first - back, index },
            )
            const page = new Page()
            reader.collect(wholeRecord, undefined, page)
            expect(page.events.map((event) => [event.position, event.recordedAt, event.type])).toEqual(
              append.commands
                .flatMap(({ events }) => events)
                .map(({ type }, offset) => [at + offset, recordedAt, type]),
            )
          }
        },
      ),
    )
  })

  it('is refused where its version is not known', () => {
    expect(() => new BlockReader().open(17, Buffer.from([9, 0, 0, 0]))).toThrow(
      'The block at position 17 has the version 9; this release of Reenact reads version 2.',
    )
  })
})

describe('small records', () => {
  it('places and heads come back', () => {
    fc.assert(
      fc.property(aPosition, anIndex, aPosition, (block, index, revision) => {
        expect(decodePlace(encodePlace(block, index))).toEqual({ block, index })
        expect(decodeHead(encodeHead(revision, block, index))).toEqual({ revision, block, index })
      }),
    )
  })

  it('the position up to which heads are right comes back', () => {
    fc.assert(
      fc.property(aPosition, (headsUpTo) => {
        expect(decodeHeadsUpTo(encodeHeadsUpTo(headsUpTo))).toBe(headsUpTo)
      }),
    )
  })

  it('snapshots come back', () => {
    fc.assert(
      fc.property(arbitraryText, arbitraryText, fc.maxSafeNat(), (eventId, body, revision) => {
        const snapshot = { eventId, body, revision }
        const key = snapshotKey('a-1', revision)
        expect(decodeSnapshot(snapshotRevision(key), encodeSnapshot(snapshot))).toEqual(snapshot)
      }),
    )
  })
})

describe('keys', () => {
  const streams = fc.oneof(arbitraryText, fc.string({ minLength: 230, maxLength: 600, unit: 'grapheme' }))

  it('are those of one stream only, and short enough for lmdb', () => {
    fc.assert(
      fc.property(streams, streams, fc.nat(9), fc.nat(9), (one, other, mark, revision) => {
        expect(streamKey(one).equals(streamKey(other))).toBe(one === other)
        expect(markKey(one, mark).equals(markKey(other, mark))).toBe(one === other)
        const keys = [streamKey(one), markKey(one, mark), snapshotKey(one, revision)]
        for (const { length } of keys) expect(length > 0 && length < 1_978).toBe(true)
      }),
    )
  })

  it('snapshots of one stream stand together, in the order of their revisions', () => {
    fc.assert(
      fc.property(streams, streams, fc.maxSafeNat(), fc.maxSafeNat(), (one, other, low, high) => {
        fc.pre(one !== other && low < high)
        const [first, last] = [snapshotKey(one, low), snapshotKey(one, high)]
        expect(Buffer.compare(first, last)).toBe(-1)
        const foreign = snapshotKey(other, low)
        expect(Buffer.compare(first, foreign)).toBe(Buffer.compare(last, foreign))
      }),
    )
  })
})

describe('sorted heads', () => {
  it('come in the order of their streams, a slice at a time', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(arbitraryText, { maxLength: 50 }),
        fc.integer({ min: 0, max: 3 }),
        fc.integer({ min: 1, max: 4_000 }),
        (few, thousands, limit) => {
          const streams = [
            ...few,
            ...Array.from({ length: thousands * 3_000 }, (_, number) => `s${number * 7}`),
          ]
          const heads = new SortedHeads(
            streams.map((stream) => new StreamHead(stream, { revision: 0, block: 1, index: 0 })),
          )
          const taken: string[] = []
          while (heads.left === 'some') {
            const slice = heads.take(limit)
            expect(slice.length).toBeLessThanOrEqual(limit)
            taken.push(...slice.map(({ stream }) => stream))
          }
          expect(taken).toEqual(streams.toSorted())
        },
      ),
      { numRuns: 30 },
    )
  })
})

function eventsOf({
  commands,
}: {
  readonly commands: readonly { readonly events: readonly unknown[] }[]
}): number {
  return commands.reduce((sum, { events }) => sum + events.length, 0)
}
