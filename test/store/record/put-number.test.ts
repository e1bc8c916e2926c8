import fc from 'fast-check'
import { expect, it } from 'vitest'
import { putFourVarints, putTwoVarints, putVarint } from '../../../src/store/record/put-number.ts'

const arbitraryNumber = fc.oneof(fc.nat({ max: 200 }), fc.nat(), fc.maxSafeNat())

/** What `putVarint` makes of them, one after the other. */
function oneByOne(numbers: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(40)
  let at = 1
  for (const number of numbers) at = putVarint(bytes, at, number)
  return bytes.subarray(0, at)
}

it('writes several numbers as it writes each of them', () => {
  fc.assert(
    fc.property(fc.tuple(arbitraryNumber, arbitraryNumber, arbitraryNumber, arbitraryNumber), (numbers) => {
      const [first, second] = numbers
      const two = new Uint8Array(40)
      expect(two.subarray(0, putTwoVarints(two, 1, first, second))).toEqual(oneByOne([first, second]))
      const four = new Uint8Array(40)
      expect(four.subarray(0, putFourVarints(four, 1, ...numbers))).toEqual(oneByOne(numbers))
    }),
  )
})
