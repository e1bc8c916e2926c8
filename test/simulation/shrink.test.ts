import fc from 'fast-check'
import { expect, test } from 'vitest'
import { shrunk } from './shrink.ts'

const everything = Array.from({ length: 40 }, (_, nth) => nth)

test('exactly what the failure needs is left, in its order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(fc.nat(39), { minLength: 1, maxLength: 6 }), async (needed) => {
      const fails = async (items: readonly number[]): Promise<boolean> =>
        needed.every((item) => items.includes(item))
      expect(await shrunk(everything, fails, 10_000)).toEqual([...needed].sort((one, other) => one - other))
    }),
  )
})

test('what may go only once others have gone, goes too', async () => {
  // 7 is needed as long as 3 is there.
  const fails = async (items: readonly number[]): Promise<boolean> =>
    items.includes(1) && (!items.includes(3) || items.includes(7))
  expect(await shrunk(everything, fails, 10_000)).toEqual([1])
})

test('it ends when the attempts are used up, with something that fails', async () => {
  let attempts = 0
  const fails = async (items: readonly number[]): Promise<boolean> => {
    attempts++
    return items.includes(39)
  }
  const left = await shrunk(everything, fails, 3)
  expect(attempts).toBe(3)
  expect(left).toContain(39)
})

test('a list that fails without anything becomes empty', async () => {
  expect(await shrunk(everything, async () => true, 10_000)).toEqual([])
})
