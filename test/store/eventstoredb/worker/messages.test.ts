import shared from '@eventstore/db-client/generated/shared_pb.js'
import status from '@eventstore/db-client/generated/status_pb.js'
import streams from '@eventstore/db-client/generated/streams_pb.js'
import fc from 'fast-check'
import any from 'google-protobuf/google/protobuf/any_pb.js'
import empty from 'google-protobuf/google/protobuf/empty_pb.js'
import { expect, test } from 'vitest'
import type { Field, StoredEvent } from '../../../../src/store/eventstoredb/wire-event.ts'
import { decodeAnswer } from '../../../../src/store/eventstoredb/worker/append-answer.ts'
import { appendAt, encodeAppend } from '../../../../src/store/eventstoredb/worker/append-message.ts'
import { beyondNumbers } from '../../../../src/store/eventstoredb/worker/page-buffer.ts'
import { decodeRead } from '../../../../src/store/eventstoredb/worker/read-message.ts'

// The generated classes of the client are the truth that the messages written by hand are held against.
const { BatchAppendReq, BatchAppendResp, ReadResp } = streams
const { RecordedEvent } = ReadResp.ReadEvent

const text = fc.string({ unit: 'grapheme' })
const revision = fc.nat({ max: Number.MAX_SAFE_INTEGER })
const ticket = fc.integer({ min: 0, max: 2 ** 48 - 1 })
const json = fc.jsonValue().map((value) => JSON.stringify({ value }))

function uuid(value: string) {
  const id = new shared.UUID()
  id.setString(value)
  return id
}

function named(stream: string) {
  const identifier = new shared.StreamIdentifier()
  identifier.setStreamName(Buffer.from(stream))
  return identifier
}

const correlationOf = (number: number) => `7ee7ac70-0000-4000-0000-${number.toString(16).padStart(12, '0')}`

test('an append reads as the generated classes read it', () => {
  const events = fc.array(fc.record({ id: fc.uuid(), type: text, json, metadata: json }), { maxLength: 5 })
  fc.assert(
    fc.property(
      ticket,
      text,
      fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
      events,
      (number, stream, expected, given) => {
        const fields: Field[] = ['before', number, stream, expected, given.length]
        for (const event of given) fields.push(event.id, event.type, event.json, event.metadata)
        const append = appendAt(fields, 1)
        expect(append.end).toBe(fields.length)
        const messages = encodeAppend(append, fields, 1_795_363_941)
        expect(messages).toHaveLength(1)
        const req = BatchAppendReq.deserializeBinary(messages[0]!)
        const options = req.getOptions()!
        expect(req.getCorrelationId()?.getString()).toBe(correlationOf(number))
        expect(req.getIsFinal()).toBe(true)
        expect(Buffer.from(options.getStreamIdentifier()!.getStreamName_asU8()).toString()).toBe(stream)
        expect(options.hasNoStream()).toBe(expected < 0)
        if (expected >= 0) expect(options.getStreamPosition()).toBe(String(expected))
        expect(options.hasAny() || options.hasStreamExists()).toBe(false)
        expect(Number(options.getDeadline()?.getSeconds())).toBe(1_795_363_941)
        expect(
          req.getProposedMessagesList().map((message) => ({
            id: message.getId()?.getString(),
            type: message.getMetadataMap().get('type'),
            contentType: message.getMetadataMap().get('content-type'),
            json: Buffer.from(message.getData_asU8()).toString(),
            metadata: Buffer.from(message.getCustomMetadata_asU8()).toString(),
          })),
        ).toEqual(given.map((event) => ({ ...event, contentType: 'application/json' })))
      },
    ),
  )
})

test('a long append goes as several messages: the options with the first, the end with the last', () => {
  const large = JSON.stringify({ text: 'x'.repeat(1_500_000) })
  const fields: Field[] = [9, 'a-1', 4, 5]
  for (let index = 0; index < 5; index++) fields.push(`id${index}`, 'T', large, '{}')
  const messages = encodeAppend(appendAt(fields, 0), fields, 1).map((bytes) =>
    BatchAppendReq.deserializeBinary(bytes),
  )
  expect(messages.map((message) => message.getIsFinal())).toEqual([false, true])
  expect(messages.map((message) => message.hasOptions())).toEqual([true, false])
  expect(messages.map((message) => message.getCorrelationId()?.getString())).toEqual([
    correlationOf(9),
    correlationOf(9),
  ])
  expect(
    messages.flatMap((message) =>
      message.getProposedMessagesList().map((event) => event.getId()?.getString()),
    ),
  ).toEqual(['id0', 'id1', 'id2', 'id3', 'id4'])
})

function answerOf(correlation: InstanceType<typeof shared.UUID>) {
  const answer = new BatchAppendResp()
  answer.setCorrelationId(correlation)
  answer.setStreamIdentifier(named('a-1'))
  return answer
}

test('a success is read, whatever it says of the position', () => {
  fc.assert(
    fc.property(ticket, revision, revision, (number, current, commit) => {
      const success = new BatchAppendResp.Success()
      success.setCurrentRevision(String(current))
      const position = new shared.AllStreamPosition()
      position.setCommitPosition(String(commit))
      position.setPreparePosition(String(commit))
      success.setPosition(position)
      const answer = answerOf(uuid(correlationOf(number)))
      answer.setSuccess(success)
      const expected = { ticket: number, status: 'written', revision: current, position: commit }
      expect(decodeAnswer(answer.serializeBinary())).toEqual(expected)
    }),
  )
})

test('the correlation id is known again where the server gives it as two numbers', () => {
  const halves = new shared.UUID.Structured()
  halves.setMostSignificantBits('9151314442816847872')
  halves.setLeastSignificantBits('77')
  const id = new shared.UUID()
  id.setStructured(halves)
  const answer = answerOf(id)
  answer.setSuccess(new BatchAppendResp.Success())
  expect(decodeAnswer(answer.serializeBinary()).ticket).toBe(77)
})

test('the success of an append of no events to an empty stream', () => {
  const success = new BatchAppendResp.Success()
  success.setNoStream(new empty.Empty())
  const answer = answerOf(uuid(correlationOf(1)))
  answer.setSuccess(success)
  expect(decodeAnswer(answer.serializeBinary())).toMatchObject({ status: 'written', revision: -1 })
})

test('a position that JavaScript cannot count to is not rounded', () => {
  const success = new BatchAppendResp.Success()
  const position = new shared.AllStreamPosition()
  position.setCommitPosition('18446744073709551615')
  success.setCurrentRevision('1')
  success.setPosition(position)
  const answer = answerOf(uuid(correlationOf(1)))
  answer.setSuccess(success)
  expect(decodeAnswer(answer.serializeBinary())).toMatchObject({
    status: 'failed',
    failure: { kind: 'unsupported' },
  })
})

function refusal(type: string, value: Uint8Array, message: string) {
  const detail = new any.Any()
  detail.pack(value, type)
  const error = new status.Status()
  error.setCode(6)
  error.setMessage(message)
  error.setDetails(detail)
  const answer = answerOf(uuid(correlationOf(3)))
  answer.setError(error)
  return decodeAnswer(answer.serializeBinary())
}

test('a conflict says where the stream is', () => {
  const conflict = new shared.WrongExpectedVersion()
  conflict.setCurrentStreamRevision('41')
  const type = 'event_store.client.WrongExpectedVersion'
  expect(refusal(type, conflict.serializeBinary(), 'x')).toEqual({
    ticket: 3,
    status: 'conflict',
    revision: 41,
  })
  const absent = new shared.WrongExpectedVersion()
  absent.setCurrentNoStream(new empty.Empty())
  expect(refusal(type, absent.serializeBinary(), 'x')).toMatchObject({ status: 'conflict', revision: -1 })
})

test.each([
  ['event_store.client.AccessDenied', '', 'denied'],
  ['event_store.client.StreamDeleted', '', 'deleted'],
  ['event_store.client.MaximumAppendSizeExceeded', '', 'tooLarge'],
  ['event_store.client.Timeout', '', 'undecided'],
  ['event_store.client.Unknown', 'boom', 'other'],
  ['google.protobuf.Empty', 'Server Is Not Ready', 'notReady'],
  ['event_store.client.Unknown', 'Server Is Too Busy', 'undecided'],
  ['', 'Forwarding timeout', 'undecided'],
])('%s (%s) is a failure of the kind %3$s', (type, message, kind) => {
  expect(refusal(type, new Uint8Array(), message)).toMatchObject({ status: 'failed', failure: { kind } })
})

const stored: fc.Arbitrary<StoredEvent> = fc.record({
  stream: text,
  revision,
  commit: revision,
  prepare: revision,
  id: fc.uuid(),
  type: text,
  data: json,
  metadata: fc.oneof(json, fc.constant('')),
  recordedAt: fc.nat({ max: 4_102_444_800_000 }),
})

function readOf(event: StoredEvent, contentType: string) {
  const recorded = new RecordedEvent()
  recorded.setId(uuid(event.id))
  recorded.setStreamIdentifier(named(event.stream))
  recorded.setStreamRevision(String(event.revision))
  recorded.setCommitPosition(String(event.commit))
  recorded.setPreparePosition(String(event.prepare))
  recorded.getMetadataMap().set('type', event.type)
  recorded.getMetadataMap().set('content-type', contentType)
  recorded.getMetadataMap().set('created', `${event.recordedAt}${event.recordedAt === 0 ? '' : '1234'}`)
  recorded.setData(Buffer.from(event.data))
  recorded.setCustomMetadata(Buffer.from(event.metadata))
  const read = new ReadResp.ReadEvent()
  read.setEvent(recorded)
  read.setCommitPosition(String(event.commit))
  const response = new ReadResp()
  response.setEvent(read)
  return decodeRead(Buffer.from(response.serializeBinary()))
}

test('an event is read as the generated classes wrote it', () => {
  fc.assert(
    fc.property(stored, (event) => {
      expect(readOf(event, 'application/json')).toEqual({ kind: 'event', event })
      expect(beyondNumbers(event)).toBeUndefined()
      expect(readOf(event, 'application/octet-stream')).toEqual({
        kind: 'event',
        event: { ...event, data: '' },
      })
    }),
  )
})

test('an event whose revision or position JavaScript cannot count to is told', () => {
  const event = { stream: 'a-1', revision: 0, commit: 2 ** 64, prepare: 0 } as StoredEvent
  expect(beyondNumbers(event)).toContain('a-1')
})

test('a link whose event is gone, and what is of no use, are nothing', () => {
  const response = new ReadResp()
  response.setEvent(new ReadResp.ReadEvent())
  expect(decodeRead(Buffer.from(response.serializeBinary()))).toEqual({ kind: 'nothing' })
  const confirmed = new ReadResp()
  confirmed.setConfirmation(new ReadResp.SubscriptionConfirmation())
  expect(decodeRead(Buffer.from(confirmed.serializeBinary()))).toEqual({ kind: 'nothing' })
})

test('a checkpoint beyond everything is none: to resume from there would skip what comes', () => {
  const checkpoint = new ReadResp.Checkpoint()
  checkpoint.setCommitPosition('18446744073709551615')
  checkpoint.setPreparePosition('18446744073709551615')
  const marked = new ReadResp()
  marked.setCheckpoint(checkpoint)
  expect(decodeRead(Buffer.from(marked.serializeBinary()))).toEqual({ kind: 'nothing' })
})

test('marks are read', () => {
  const caughtUp = new ReadResp()
  caughtUp.setCaughtUp(new ReadResp.CaughtUp())
  expect(decodeRead(Buffer.from(caughtUp.serializeBinary()))).toEqual({ kind: 'caughtUp' })
  const missing = new ReadResp()
  missing.setStreamNotFound(new ReadResp.StreamNotFound())
  expect(decodeRead(Buffer.from(missing.serializeBinary()))).toEqual({ kind: 'missing' })
  const checkpoint = new ReadResp.Checkpoint()
  checkpoint.setCommitPosition('2219')
  checkpoint.setPreparePosition('0')
  const marked = new ReadResp()
  marked.setCheckpoint(checkpoint)
  expect(decodeRead(Buffer.from(marked.serializeBinary()))).toEqual({
    kind: 'checkpoint',
    at: { commit: 2219, prepare: 0 },
  })
})

test('a character beyond U+1FFFF is written as it is', () => {
  const fields: Field[] = [1, 'a-𠀀', -1, 1, 'id', '𠀀', '{"text":"𠀀"}', '{"who":"𠀀"}']
  const [bytes] = encodeAppend(appendAt(fields, 0), fields, 1)
  const req = BatchAppendReq.deserializeBinary(bytes!)
  expect(req.getProposedMessagesList()[0]?.getMetadataMap().get('type')).toBe('𠀀')
})
