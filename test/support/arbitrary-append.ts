import fc from 'fast-check'
import type { JsonObject } from '../../src/event/json.ts'
import type { Append, DecidedCommand } from '../../src/store/event-store.ts'

/** Text of whole characters, as the stores take it: mostly short, sometimes not ASCII. */
export const arbitraryText = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc.string({ unit: 'binary', maxLength: 20 }).filter((text) => Buffer.from(text).toString() === text),
)

const arbitraryObject = fc.dictionary(
  arbitraryText,
  fc.jsonValue({ maxDepth: 2 }),
) as fc.Arbitrary<JsonObject>

const arbitraryEvent = fc.record({
  type: arbitraryText,
  json: arbitraryObject.map((payload) => JSON.stringify(payload)),
})

const arbitraryCommand: fc.Arbitrary<DecidedCommand> = fc
  .record({
    commandId: arbitraryText,
    commandType: arbitraryText,
    system: fc.constantFrom('one', 'two'),
    correlationId: fc.option(arbitraryText),
    causationId: fc.option(arbitraryText),
    metadata: fc.option(arbitraryObject),
    schemaVersion: fc.nat(),
    events: fc.array(arbitraryEvent, { minLength: 1, maxLength: 4 }),
  })
  .map(({ correlationId, causationId, metadata, schemaVersion, events, ...origin }) => ({
    schemaVersion,
    events,
    origin: {
      ...origin,
      count: events.length,
      correlationId: correlationId ?? origin.commandId,
      causationId: causationId ?? origin.commandId,
      ...(metadata === null ? {} : { metadata: JSON.parse(JSON.stringify(metadata)) as JsonObject }),
    },
  }))

/** An append as a writer makes it, of any texts. */
export const arbitraryAppend: fc.Arbitrary<Append> = fc.record({
  id: fc.uuid(),
  stream: arbitraryText.map((text) => `category-${text}`),
  expectedRevision: fc.integer({ min: -1, max: 2 ** 40 }),
  commands: fc.array(arbitraryCommand, { minLength: 1, maxLength: 3 }),
})
