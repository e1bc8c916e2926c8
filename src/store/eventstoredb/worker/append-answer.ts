import Pbf from 'pbf'
import type { Failure } from '../failure.ts'
import { failureOfStatus } from './failure-of.ts'

/** What the server said to one append. */
export type AppendAnswer =
  | {
      readonly ticket: number
      readonly status: 'written'
      readonly revision: number
      readonly position: number
    }
  | { readonly ticket: number; readonly status: 'conflict'; readonly revision: number }
  | { readonly ticket: number; readonly status: 'failed'; readonly failure: Failure }

interface Parts {
  ticket: number
  /** `undefined`: not written. -1: written, and the stream has no events. */
  revision: number | undefined
  position: number
  message: string
  detailType: string
  /** What a wrong expected version says of the stream: -1 where it does not exist. */
  actual: number
}

export function decodeAnswer(bytes: Uint8Array): AppendAnswer {
  const parts: Parts = {
    ticket: 0,
    revision: undefined,
    position: 0,
    message: '',
    detailType: '',
    actual: -1,
  }
  new Pbf(bytes).readFields(readAnswer, parts)
  const { ticket, revision, position } = parts
  if (revision !== undefined) {
    if (Number.isSafeInteger(position)) return { ticket, status: 'written', revision, position }
    const detail = `it wrote at the log position ${position}, beyond what JavaScript can count`
    return { ticket, status: 'failed', failure: { kind: 'unsupported', detail } }
  }
  if (parts.detailType === 'event_store.client.WrongExpectedVersion') {
    return { ticket, status: 'conflict', revision: parts.actual }
  }
  return { ticket, status: 'failed', failure: failureOfStatus(parts.detailType, parts.message) }
}

function readAnswer(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 1) reader.readMessage(readCorrelation, parts)
  else if (tag === 2) reader.readMessage(readError, parts)
  else if (tag === 3) {
    parts.revision = -1
    reader.readMessage(readSuccess, parts)
  }
}

/** The ticket is the low half of the id, which the server gives back as text or as two numbers. */
function readCorrelation(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 2) parts.ticket = Number.parseInt(reader.readString().slice(-12), 16)
  else if (tag === 1) reader.readMessage(readHalves, parts)
}

function readHalves(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 2) parts.ticket = reader.readVarint()
}

function readSuccess(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 1) parts.revision = reader.readVarint()
  else if (tag === 3) reader.readMessage(readPosition, parts)
}

function readPosition(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 1) parts.position = reader.readVarint()
}

function readError(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 2) parts.message = reader.readString()
  else if (tag === 3) reader.readMessage(readDetail, parts)
}

function readDetail(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 1) parts.detailType = reader.readString().split('/').at(-1) ?? ''
  else if (tag === 2) {
    // The type stands before the value in every message of the server.
    if (parts.detailType === 'event_store.client.WrongExpectedVersion') reader.readMessage(readVersion, parts)
  }
}

function readVersion(tag: number, parts: Parts, reader: Pbf): void {
  if (tag === 1) parts.actual = reader.readVarint()
}
