import { NotInHistory } from '../../src/errors.ts'
import { eventAt, lastEvent, type Past } from './past.ts'

/**
 * A moment in the past of an aggregate: after the event of a revision (-1: before any), or a time, as a `Date` or in
 * milliseconds since 1970.
 */
export type Moment = { readonly revision: number } | { readonly time: Date | number }

/**
 * The revision that stood at a moment.
 * @throws RangeError where the moment is none, NotInHistory for a time before the first event.
 */
export async function revisionAt(past: Past, moment: Moment): Promise<number> {
  if (typeof moment !== 'object' || moment === null || 'revision' in moment === 'time' in moment) {
    throw new RangeError("A moment is { revision: 7 } or { time: new Date('2026-01-31') }, one of the two.")
  }
  if ('time' in moment) return revisionAtTime(past, millisecondsOf(moment.time))
  const { revision } = moment
  if (Number.isSafeInteger(revision) && revision >= -1) return revision
  throw new RangeError(
    `revision must be a whole number of at least 0 (or -1: before any event), not ${String(revision)}.`,
  )
}

function millisecondsOf(time: unknown): number {
  const milliseconds = time instanceof Date ? time.getTime() : time
  if (typeof milliseconds === 'number' && isoTime(milliseconds) !== undefined) return milliseconds
  throw new RangeError(`time must be a valid Date, or milliseconds since 1970, not ${String(time)}.`)
}

/** `undefined` for what no `Date` can hold. */
function isoTime(milliseconds: number): string | undefined {
  const date = new Date(milliseconds)
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString()
}

/**
 * The last event that was recorded by then, found by halving: a few reads of one event, however long the stream is.
 * Where the store's clock was set back and times do not rise, it is one that was recorded by then whose next was not.
 */
async function revisionAtTime(past: Past, time: number): Promise<number> {
  const asked = `at ${isoTime(time)}`
  const last = await lastEvent(past)
  if (last === undefined) throw new NotInHistory(past.address, asked, -1, 'it has no event at all.')
  if (last.recordedAt <= time) return last.revision
  let before = -1
  let after = last.revision
  while (after - before > 1) {
    const middle = (before + after) >> 1
    const event = await eventAt(past, middle)
    if (event !== undefined && event.recordedAt <= time) before = middle
    else after = middle
  }
  if (before >= 0) return before
  const first = (await eventAt(past, 0)) ?? last
  const found = `its first event was recorded at ${isoTime(first.recordedAt)}. Ask for that time or a later one.`
  throw new NotInHistory(past.address, asked, last.revision, found)
}
