import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { position } from '../../src/event/position.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import { Page, unparsed } from '../../src/store/page.ts'

function event(revision: number): RecordedEvent {
  const place = { stream: 'a-1', revision, position: position(revision + 1), id: String(revision) }
  return { ...place, type: 'T', data: unparsed, schemaVersion: 1, index: 0, recordedAt: 0 }
}

describe('page', () => {
  it('gives each event its own payload, whatever was asked, turned round or put together in between', () => {
    const action = fc.oneof(
      fc.record({ kind: fc.constant('add' as const), payload: fc.dictionary(fc.string(), fc.jsonValue()) }),
      fc.record({ kind: fc.constantFrom('ask', 'reverse', 'move') }),
      fc.record({ kind: fc.constant('reverseSince' as const), since: fc.nat(5) }),
    )
    fc.assert(
      fc.property(fc.array(action, { maxLength: 20 }), (actions) => {
        let page = new Page()
        let expected: { readonly revision: number; readonly data: unknown }[] = []
        let revision = 0
        for (const next of actions) {
          if (next.kind === 'add' && 'payload' in next) {
            const json = JSON.stringify(next.payload)
            page.add(event(revision), json)
            expected.push({ revision, data: JSON.parse(json) })
            revision++
          } else if (next.kind === 'reverse') {
            page.reverse()
            expected.reverse()
          } else if ('since' in next) {
            page.reverseSince(next.since)
            expected = [...expected.slice(0, next.since), ...expected.slice(next.since).reverse()]
          } else if (next.kind === 'move') {
            const other = new Page()
            other.addAll(page)
            page = other
          } else expect(page.events).toHaveLength(expected.length)
        }
        expect(page.length).toBe(expected.length)
        expect(page.events.map(({ revision, data }) => ({ revision, data }))).toEqual(expected)
      }),
    )
  })

  it('is full by the characters of its payloads, too', () => {
    const page = new Page()
    page.add(event(0), '{}')
    expect(page.full).toBe(false)
    page.add(event(1), JSON.stringify({ text: 'x'.repeat(1_000_000) }))
    expect(page.full).toBe(true)
  })

  it('takes no payloads that are JSON only side by side', () => {
    const page = new Page()
    page.add(event(0), '{"a":[1')
    page.add(event(1), '2]}')
    expect(() => page.events).toThrow(SyntaxError)
  })
})
