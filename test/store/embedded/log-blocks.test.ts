import { describe, expect, it } from 'vitest'
import type { EventStore } from '../../../src/store/event-store.ts'
import { eventsOf } from '../../../src/store/events-of.ts'
import { openAt, temporaryFolder } from './processes/opened.ts'

const streams = 20
const rounds = 5

/** Appends one event to each stream. */
function appendRound(store: EventStore, expectedRevision: number): Promise<void> {
  const json = JSON.stringify({ text: `${expectedRevision} `.repeat(25_000) })
  return new Promise((resolve) => {
    let open = streams
    const batch = Array.from({ length: streams }, (_, nth) => {
      const id = `${nth}-${expectedRevision}`
      const origin = {
        commandId: id,
        commandType: 'Do',
        count: 1,
        system: 'test',
        correlationId: id,
        causationId: id,
      }
      return {
        id,
        stream: `a-${nth}`,
        expectedRevision,
        commands: [{ schemaVersion: 1, origin, events: [{ type: 'Done', json }] }],
      }
    })
    store.append(batch, (_, verdict) => {
      expect(verdict.status).toBe('written')
      if (--open === 0) resolve()
    })
  })
}

describe('blocks that are kept', () => {
  it('are the right ones, also where more are read than are kept', async () => {
    const store = await openAt(await temporaryFolder())
    for (let round = 0; round < rounds; round++) await appendRound(store, round - 1)
    for (const pass of ['first', 'second']) {
      for (let nth = 0; nth < streams; nth++) {
        const found: string[] = []
        for await (const { id, data } of eventsOf(store.readStream(`a-${nth}`))) {
          found.push(`${pass} ${id} ${String(data['text']).slice(0, 2)}`)
        }
        expect(found).toEqual(
          Array.from(
            { length: rounds },
            (_, round) => `${pass} ${nth}-${round - 1}0000 ${`${round - 1} `.slice(0, 2)}`,
          ),
        )
      }
    }
    await store.close()
  })
})
