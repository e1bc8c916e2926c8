import assert from 'node:assert/strict'
import type { RecordedEvent } from '../../event/recorded-event.ts'

/** So many events, positions rising, the revisions of each stream gapless from 0 on. */
export function assertOrder(events: readonly RecordedEvent[], count: number): void {
  assert.equal(events.length, count)
  const heads = new Map<string, number>()
  let last: number = Number.NEGATIVE_INFINITY
  for (const { stream, revision, position } of events) {
    assert.ok(position > last, 'Positions rise.')
    assert.equal(revision, (heads.get(stream) ?? -1) + 1, `The revisions of ${stream} are gapless.`)
    heads.set(stream, revision)
    last = position
  }
}
