import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../src/testing/index.ts'

const draw = (seed: number, count: number): number[] => {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => random.next())
}

describe('a seeded random source', () => {
  it('gives the numbers of its seed on every machine', () => {
    const random = seededRandom(42)
    expect([
      random.below(1000),
      random.below(1000),
      random.below(1000),
      random.uuid(),
    ]).toMatchInlineSnapshot(`
      [
        456,
        564,
        574,
        "f7067866-d4c2-4cd0-aba2-50266965ce61",
      ]
    `)
  })

  it('gives neighbouring seeds unrelated sequences', () => {
    const firsts = new Set(Array.from({ length: 10_000 }, (_, seed) => draw(seed, 1)[0]))
    expect(firsts.size).toBeGreaterThan(9_990)
    const mean = [...firsts].reduce((sum, value) => sum! + value!, 0)! / firsts.size
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02)
  })

  it('spreads evenly', () => {
    const random = seededRandom(1)
    const counts = new Array<number>(10).fill(0)
    for (let round = 0; round < 100_000; round++) counts[random.below(10)]!++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('keeps what one fork draws apart from the others', () => {
    const [one, other] = [seededRandom(9), seededRandom(9)]
    const [oneFork, otherFork] = [one.fork(), other.fork()]
    oneFork.next()
    oneFork.next()
    expect(one.next()).toBe(other.next())
    expect(oneFork.next()).not.toBe(otherFork.next())
  })

  it('keeps to its bounds', () => {
    const random = seededRandom(5)
    const values = Array.from({ length: 1000 }, () => random.between(-2, 2))
    expect(new Set(values)).toEqual(new Set([-2, -1, 0, 1, 2]))
    expect(random.chance(0)).toBe(false)
    expect(random.chance(1)).toBe(true)
    expect(['a', 'b']).toContain(random.pick(['a', 'b']))
    expect(() => random.pick([])).toThrow('the list is empty')
  })
})
