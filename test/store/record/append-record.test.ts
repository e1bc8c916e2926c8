import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventIdOf } from '../../../src/event/event-id.ts'
import type { Append } from '../../../src/store/event-store.ts'
import { Page } from '../../../src/store/page.ts'
import { textOf, writeNumbers, writeText } from '../../../src/store/record/append-record.ts'
import { ByteWriter } from '../../../src/store/record/byte-writer.ts'
import { type RecordNames, recordNames } from '../../../src/store/record/name-table.ts'
import { RecordReader, wholeRecord } from '../../../src/store/record/record-reader.ts'
import { arbitraryAppend } from '../../support/arbitrary-append.ts'

const eventsOf = (append: { commands: readonly { events: readonly unknown[] }[] }): number =>
  append.commands.reduce((sum, { events }) => sum + events.length, 0)

/** Writes a record. @returns what opens it. */
function write(writer: ByteWriter, append: Append, names: RecordNames): (bytes?: Buffer) => RecordReader {
  const start = writer.length
  const written = writeText(writer, textOf(append) as string)
  expect(written).not.toBe('unreadable')
  const end = writer.length
  writeNumbers(writer, append, eventsOf(append), names)
  const encoding = written === 'ascii' ? 'ascii' : 'utf8'
  return (bytes = writer.bytes) => new RecordReader().open(bytes, end, start, end, encoding)
}

describe('append record', () => {
  it('is told as damaged where it runs beyond its bytes, instead of being read for ever', () => {
    fc.assert(
      fc.property(arbitraryAppend, fc.nat(), (append, cut) => {
        const writer = new ByteWriter(16)
        const names = recordNames()
        const open = write(writer, append, names)
        // A number that says that it goes on stands where the bytes end.
        const bytes = Buffer.from(writer.bytes.subarray(0, Math.max(1, cut % writer.length)))
        bytes[bytes.length - 1] = 0xff
        const read = (): void => {
          const reader = open(bytes)
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
        const opens = appends.map((append) => write(writer, append, names))
        for (const [number, append] of appends.entries()) {
          const reader = opens[number]!()
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
        const open = write(writer, append, names)
        const all = new Page()
        open().collect(wholeRecord, 0, 0, names, undefined, all)
        const some = new Page()
        open().collect({ first, last }, 0, 0, names, undefined, some)
        expect(some.events).toEqual(all.events.slice(first, last + 1))
      }),
    )
  })

  it('has no text that holds half of a character, and leaves no bytes', () => {
    const writer = new ByteWriter()
    expect(writeText(writer, 'a-\ud83d')).toBe('unreadable')
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
          const open = write(writer, { ...append, expectedRevision: revision - 1 }, recordNames())
          expect(open().expectedRevision).toBe(revision - 1)
        }
      }),
    )
  })
})
