import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Permits } from '../../actors/permits.ts'

it('lets so many in at once, first come, first served, and counts right', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.constantFrom('acquire', 'release'), { maxLength: 80 }),
      async (total, steps) => {
        const permits = new Permits(total)
        const entered: number[] = []
        let asked = 0
        let holders = 0
        for (const step of steps) {
          if (step === 'acquire') {
            const name = asked++
            const wait = permits.acquire()
            const enter = (): void => {
              entered.push(name)
              holders++
            }
            if (wait === undefined) enter()
            else void wait.then(enter)
          } else if (holders > 0) {
            holders--
            permits.release()
          }
          await Promise.resolve()
          expect(holders).toBe(Math.min(total, holders + asked - entered.length))
          expect(permits.inUse).toBe(holders)
          expect(permits.contended).toBe(entered.length < asked)
          expect(entered).toEqual(entered.map((_, nth) => nth))
        }
      },
    ),
  )
})

it('serves a hundred thousand who wait without growing slower with their number', async () => {
  const permits = new Permits(1)
  permits.acquire()
  let served = 0
  for (let nth = 0; nth < 100_000; nth++) void permits.acquire()?.then(() => served++)
  // Were each release a walk through all that wait, this would run into the test's own time limit.
  for (let nth = 0; nth < 100_000; nth++) permits.release()
  await Promise.resolve()
  expect(served).toBe(100_000)
  permits.release()
  expect(permits.inUse).toBe(0)
})
