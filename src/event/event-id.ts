/**
 * Ids of appends and their events.
 *
 * PROTOCOL rule 1: the ids are fresh for each append and never derived from the command, because a store that
 * recognises repeats by id must recognise the append, not the command. A UUID for each event cost more than the
 * whole decision (164 ns), so an append has one id, a UUID of version 8 whose last four hex digits are
 * free, and its event number i has that id with i in those digits.
 *
 *   ssssssss-ssss-8sss-ycnn-nnnnnnnniiii     s system, c/n counter of appends, i event of the append
 */
export const maxEventsOfAppend = 0xffff

const firstLow = 0x10000000
const lastLow = 0xffffffff

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
)
/** By table: a long read makes an id for each event. */
const hex4 = (value: number): string => hexOfByte[value >>> 8]! + hexOfByte[value & 255]!

/** The id of event `index` (0 to 65534) of the append `appendId`. */
export function eventIdOf(appendId: string, index: number): string {
  // The first one is the append's own id, and most appends have no other.
  return index === 0 && appendId.endsWith('0000') ? appendId : eventIdWith(eventIdPrefix(appendId), index)
}

/** What the ids of all events of an append begin with. */
export function eventIdPrefix(appendId: string): string {
  return appendId.slice(0, 32)
}

export function eventIdWith(prefix: string, index: number): string {
  return prefix + hex4(index)
}

/** Whether `eventId` is the id of the event `index` of the append `appendId`. */
export function isEventOf(appendId: string, eventId: string, index: number): boolean {
  return eventId === eventIdOf(appendId, index)
}

/** What the ids of 256 appends end with that are made one after the other. */
const endings: readonly string[] = hexOfByte.map((hex) => `${hex}0000`)

/** Makes the ids of appends of one system: a counter behind a random start, so no randomness is spent on each. */
export function appendIds(uuid: string): () => string {
  const hex = uuid.replaceAll('-', '')
  const prefix = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a`
  // The low part runs from 10000000 to ffffffff, so that its hex digits are always eight: padding costs as much as
  // the rest of the id.
  let high = 0
  let low = firstLow
  let start = ''
  return () => {
    if (low > lastLow) {
      low = firstLow
      high++
    }
    const ending = low & 255
    if (ending === 0) start = startOf(prefix, high, low)
    low++
    return start + endings[ending]!
  }
}

/** Joined, so that it is one piece: text that is put together with `+` is copied piece by piece by each of its ids. */
function startOf(prefix: string, high: number, low: number): string {
  return [prefix, high.toString(16).padStart(3, '0'), '-', low.toString(16).slice(0, -2)].join('')
}
