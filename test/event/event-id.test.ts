import { describe, expect, it } from 'vitest'
import { appendIds, eventIdOf } from '../../src/event/event-id.ts'

const uuid = '01234567-89ab-4cde-8f01-23456789abcd'

describe('ids of appends', () => {
  it('count on from one to the next, and are UUIDs of version 8', () => {
    const next = appendIds(uuid)
    const ids = Array.from({ length: 1_000 }, next)
    expect(ids).toEqual(ids.map((_, nth) => `01234567-89ab-8cde-a000-${(0x10000000 + nth).toString(16)}0000`))
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  })

  it('are those of their first events', () => {
    const id = appendIds(uuid)()
    expect([0, 1, 0xfffe].map((index) => eventIdOf(id, index))).toEqual([
      id,
      `${id.slice(0, -4)}0001`,
      `${id.slice(0, -4)}fffe`,
    ])
  })
})
