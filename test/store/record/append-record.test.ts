import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventIdOf } from '../../../src/event/event-id.ts'
import { Page } from '../../../src/store/page.ts'
import { writeAppend } from '../../../src/store/record/append-record.ts'
import { ByteWriter } from '../../../src/store/record/byte-writer.ts'
import { recordNames } from '../../../src/store/record/name-table.ts'
import { RecordReader, wholeRecord } from '../../../src/store/record/record-reader.ts'
import { arbitraryAppend } from '../../support/arbitrary-append.ts'

const eventsOf = (append: { commands: readonly { events: readonly unknown[] }[] }): number =>
  append.commands.reduce((sum, { events }) => sum + events.length, 0)

describe('append record', () => {
  it('is told as damaged where it runs beyond its bytes, instead of being read for ever', () => {
    fc.assert(
      fc.property(arbitraryAppend, fc.nat(), (append, cut) => {
        const writer = new ByteWriter(16)
        const names = recordNames()
        writeAppend(writer, append, eventsOf(append), names)
        // A number that says that it goes on stands where the bytes end.
        const bytes = Buffer.from(writer.bytes.subarray(0, Math.max(5, cut % writer.length)))
        bytes[bytes.length - 1] = 0xff
        const read = (): void => {
          const reader = new RecordReader().open(bytes, 0)
          reader.collect(wholeRecord, 1_000, 77, names, undefined, new Page())
        }
        expect(read).toThrow()
      }),
    )
  })

  it('comes back as it was written, one after the other in the same bytes', () => {
    fc.assert(
      fc.property(fc.array(arbitraryAppend, { minLength: 1, maxLength: 5 }), (appends) => {
        const writer = new ByteWriter(16)
        const names = recordNames()
        const starts = appends.map((append) => {
          const start = writer.length
          expect(writeAppend(writer, append, eventsOf(append), names)).toBeUndefined()
          return start
        })
        const reader = new RecordReader()
        for (const [number, append] of appends.entries()) {
          reader.open(writer.bytes, starts[number]!)
          expect(reader.events).toBe(eventsOf(append))
          expect(reader.expectedRevision).toBe(append.expectedRevision)
          expect(reader.stream).toBe(append.stream)
          expect(reader.appendId).toBe(append.id)
          const page = new Page()
          reader.collect(wholeRecord, 1_000, 77, names, undefined, page)
          const expected = append.commands.flatMap(({ origin, schemaVersion, events }) =>
            events.map(({ type, json }, index) => ({
              origin,
              schemaVersion,
              type,
              data: JSON.parse(json),
              index,
            })),
          )
          expect(page.events).toEqual(
            expected.map((event, offset) => ({
              ...event,
              stream: append.stream,
              revision: append.expectedRevision + 1 + offset,
              position: 1_000 + offset,
              id: eventIdOf(append.id, offset),
              recordedAt: 77,
            })),
          )
        }
      }),
    )
  })

  it('gives the wanted events of a range only', () => {
    fc.assert(
      fc.property(arbitraryAppend, fc.nat(12), fc.nat(12), (append, first, last) => {
        const writer = new ByteWriter()
        const names = recordNames()
        writeAppend(writer, append, eventsOf(append), names)
        const all = new Page()
        new RecordReader().open(writer.bytes, 0).collect(wholeRecord, 0, 0, names, undefined, all)
        const some = new Page()
        new RecordReader().open(writer.bytes, 0).collect({ first, last }, 0, 0, names, undefined, some)
        expect(some.events).toEqual(all.events.slice(first, last + 1))
      }),
    )
  })

  it('is refused where a text holds half of a character, and leaves no bytes', () => {
    const writer = new ByteWriter()
    const append = fc.sample(arbitraryAppend, { numRuns: 1, seed: 1 })[0]!
    expect(
      writeAppend(writer, { ...append, stream: 'a-\ud83d' }, eventsOf(append), recordNames()),
    ).toBeInstanceOf(RangeError)
    expect(writer.length).toBe(0)
  })
})

describe('numbers of records', () => {
  it('come back whatever their size', () => {
    fc.assert(
      fc.property(fc.array(fc.maxSafeNat()), (revisions) => {
        const append = fc.sample(arbitraryAppend, { numRuns: 1, seed: 1 })[0]!
        const writer = new ByteWriter()
        for (const revision of revisions) {
          const start = writer.length
          writeAppend(writer, { ...append, expectedRevision: revision - 1 }, eventsOf(append), recordNames())
          expect(new RecordReader().open(writer.bytes, start).expectedRevision).toBe(revision - 1)
        }
      }),
    )
  })
})
