import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { keepSnapshots, newestAtOrBelow, newestKept } from '../../src/store/kept-snapshots.ts'

type Kept = readonly { readonly revision: number }[]

const revisionsOf = (kept: Kept): readonly number[] => kept.map(({ revision }) => revision)

function savedEvery(every: number, last: number): Kept {
  let kept: Kept = []
  for (let revision = every; revision <= last; revision += every) kept = keepSnapshots(kept, { revision })
  return kept
}

describe('the snapshots that are kept', () => {
  it('stand close at the end and ever further apart before it', () => {
    expect(revisionsOf(savedEvery(1_000, 100_000))).toMatchInlineSnapshot(`
      [
        1000,
        2000,
        3000,
        4000,
        5000,
        6000,
        8000,
        10000,
        12000,
        15000,
        18000,
        22000,
        27000,
        33000,
        40000,
        48000,
        58000,
        70000,
        84000,
        98000,
        99000,
        100000,
      ]
    `)
  })

  it('are few, however long the stream', () => {
    expect(savedEvery(1_000, 100_000)).toHaveLength(22)
    expect(savedEvery(1_000, 1_000_000).length).toBeLessThan(40)
    expect(savedEvery(1, 100_000).length).toBeLessThan(70)
  })

  it('are never further from any revision than a sixth of it and what lies between two saves', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 300 }), (steps) => {
        let kept: Kept = []
        let revision = 0
        const widest = Math.max(...steps)
        for (const step of steps) {
          revision += step
          kept = keepSnapshots(kept, { revision })
          const all = [0, ...revisionsOf(kept)]
          for (const [index, next] of all.slice(1).entries()) {
            expect(next - (all[index] ?? 0)).toBeLessThanOrEqual(next / 6 + widest)
          }
        }
        expect(kept.at(-1)).toEqual({ revision })
      }),
      { numRuns: 100 },
    )
  })

  it('stay where they are: what is given up once would not be kept later, so a store may only append', () => {
    let kept: Kept = []
    const chosen = new Set<number>()
    for (let revision = 7; revision < 20_000; revision += 7) {
      kept = keepSnapshots(kept, { revision })
      for (const old of revisionsOf(kept.slice(0, -newestKept))) chosen.add(old)
    }
    expect(revisionsOf(kept.slice(0, -newestKept))).toEqual([...chosen])
  })

  it('are replaced at their own revision, and never by an older one', () => {
    const kept = [{ revision: 10 }, { revision: 20, body: 'old' }]
    expect(keepSnapshots(kept, { revision: 20, body: 'new' })).toEqual([
      { revision: 10 },
      { revision: 20, body: 'new' },
    ])
    expect(keepSnapshots(kept, { revision: 15 })).toBe(kept)
  })

  it('are found at or below a revision', () => {
    const kept = [{ revision: 10 }, { revision: 20 }]
    expect(newestAtOrBelow(kept)).toEqual({ revision: 20 })
    expect(newestAtOrBelow(kept, 19)).toEqual({ revision: 10 })
    expect(newestAtOrBelow(kept, 9)).toBeUndefined()
  })
})
