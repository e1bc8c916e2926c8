import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { CommandOrigin } from '../../../src/event/recorded-event.ts'
import { metadataWriter, readMetadata } from '../../../src/store/eventstoredb/event-metadata.ts'
import { addStored, decodeEvents, type Field } from '../../../src/store/eventstoredb/wire-event.ts'

const json = fc.jsonValue().filter((value) => !Object.is(value, -0))
const object = fc.dictionary(
  fc.string(),
  json.map((value) => JSON.parse(JSON.stringify(value))),
)

const origins: fc.Arbitrary<CommandOrigin> = fc.record(
  {
    commandId: fc.string(),
    commandType: fc.string(),
    count: fc.integer({ min: 1, max: 65_535 }),
    system: fc.string(),
    correlationId: fc.string(),
    causationId: fc.string(),
    metadata: object,
  },
  { requiredKeys: ['commandId', 'commandType', 'count', 'system', 'correlationId', 'causationId'] },
)

test('metadata that was written is read as it was', () => {
  fc.assert(
    fc.property(origins, fc.nat(), fc.nat(), fc.nat(1000), (origin, schemaVersion, at, more) => {
      const index = at % origin.count
      const appendSize = origin.count + more
      const text = metadataWriter(origin, schemaVersion, appendSize)(index)
      const expected = JSON.parse(JSON.stringify(origin))
      expect(readMetadata(text)).toEqual({ origin: expected, schemaVersion, index, appendSize })
    }),
  )
})

test('the names are those of the ecosystem, and all of them stay', () => {
  const origin = {
    commandId: 'command',
    commandType: 'Deposit',
    count: 2,
    system: 'system',
    correlationId: 'correlation',
    causationId: 'causation',
    metadata: { who: 'me' },
  }
  expect(metadataWriter(origin, 3, 5)(1)).toBe(
    '{"$correlationId":"correlation","$causationId":"causation","commandId":"command","commandType":"Deposit",' +
      '"count":2,"system":"system","schemaVersion":3,"metadata":{"who":"me"},"appendSize":5,"index":1}',
  )
})

test('metadata that JSON cannot hold is refused, not waited for', () => {
  const cyclic: unknown[] = []
  cyclic.push(cyclic)
  for (const metadata of [{ cyclic }, { big: 1n }]) {
    const origin = { ...blank, metadata } as unknown as CommandOrigin
    expect(() => metadataWriter(origin, 1, 1)).toThrow(TypeError)
  }
})

const blank = { commandId: '', commandType: '', count: 1, system: '', correlationId: '', causationId: '' }

test.each([
  ['nothing', ''],
  ['bytes', '\u0000\u0001'],
  ['a number', '1'],
  ['an array', '[]'],
  ['null', 'null'],
  ['metadata of others', '{"$correlationId":"a","$causationId":"b","userId":7}'],
  ['an index beyond the count', metadataWriter({ ...blank, count: 1 }, 1, 1)(1)],
  ['a negative index', metadataWriter({ ...blank, count: 1 }, 1, 1)(-1)],
])('%s is the metadata of somebody else: a whole command without an id', (_what, text) => {
  expect(readMetadata(text)).toEqual({ schemaVersion: 1, index: 0, appendSize: 1 })
})

test('the schema version of others counts where they give one', () => {
  expect(readMetadata('{"schemaVersion":4}')).toMatchObject({ schemaVersion: 4 })
  expect(readMetadata('{"schemaVersion":"4"}')).toMatchObject({ schemaVersion: 1 })
})

test.each([
  ['bytes', '', {}],
  ['broken JSON', '{"a":', {}],
  ['a JSON array', '[1]', {}],
  ['a JSON text', '"text"', {}],
  ['an object', '{"__proto__":{"polluted":true}}', JSON.parse('{"__proto__":{"polluted":true}}')],
])('data that is %s is shown as an object', (_what, data, expected) => {
  const fields: Field[] = []
  const event = {
    stream: 'a-1',
    revision: 3,
    commit: 7,
    prepare: 7,
    id: 'id',
    type: 'T',
    data,
    metadata: '',
    recordedAt: 5,
  }
  addStored(fields, event)
  expect(decodeEvents(fields)).toEqual([
    {
      stream: 'a-1',
      revision: 3,
      position: 7,
      id: 'id',
      type: 'T',
      data: expected,
      schemaVersion: 1,
      index: 0,
      recordedAt: 5,
    },
  ])
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
})
