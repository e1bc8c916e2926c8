import type { PlainMessage, PlainValue, RecordedMessage } from './recording.ts'

/** A cut list of proposed events: the scenarios count up their ids and the `i` of their data. */
type ProposedEvent = PlainMessage & { readonly id: string; readonly data: PlainMessage }

const countOf = (id: string): number => Number.parseInt(id.slice(-12), 16)

function between(before: ProposedEvent, offset: number): ProposedEvent {
  const id = before.id.slice(0, -12) + (countOf(before.id) + offset).toString(16).padStart(12, '0')
  if (!('json' in before.data)) return { ...before, id }
  const data = JSON.parse(String(before.data.json)) as { i?: number }
  if (data.i === undefined) return { ...before, id }
  return { ...before, id, data: { json: JSON.stringify({ ...data, i: data.i + offset }) } }
}

/** Fills in what a recording left out in the middle of an append. */
function fillProposedEvents(list: readonly PlainValue[]): PlainValue[] {
  const filled: PlainValue[] = []
  for (const [index, item] of list.entries()) {
    const omitted = (item as PlainMessage).omitted
    if (typeof omitted !== 'number') {
      filled.push(item)
      continue
    }
    const before = list[index - 1] as ProposedEvent
    for (let i = 1; i <= omitted; i++) filled.push(between(before, i))
  }
  return filled
}

function filled(message: PlainMessage): PlainMessage {
  const list = message.proposedMessagesList
  return list === undefined ? message : { ...message, proposedMessagesList: fillProposedEvents(list) }
}

const lastEvent = (message: PlainMessage): ProposedEvent =>
  message.proposedMessagesList?.at(-1) as ProposedEvent
const firstEvent = (message: PlainMessage): ProposedEvent =>
  message.proposedMessagesList?.[0] as ProposedEvent

/** What was left out between two parts of one append, as one part. */
function partBetween(before: PlainMessage, after: PlainMessage): PlainMessage {
  const last = lastEvent(before)
  const missing = countOf(firstEvent(after).id) - countOf(last.id) - 1
  const events = Array.from({ length: missing }, (_, index) => between(last, index + 1))
  return { ...before, proposedMessagesList: events }
}

/**
 * The requests of a call with all their events. Whole requests are filled in only inside of an append; the others that
 * a recording left out are not repeated.
 */
export function fillRequests(
  requests: readonly RecordedMessage[],
): readonly { readonly seq: number; readonly message: PlainMessage }[] {
  return requests.flatMap((request, index) => {
    if ('message' in request) return [{ seq: request.seq, message: filled(request.message) }]
    const before = requests[index - 1]
    const after = requests[index + 1]
    if (before === undefined || after === undefined || 'omitted' in before || 'omitted' in after) return []
    const isOneAppend = before.message.correlationId === after.message.correlationId
    return isOneAppend ? [{ seq: before.seq, message: partBetween(before.message, after.message) }] : []
  })
}
