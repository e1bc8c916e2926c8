import { expect, it } from 'vitest'
import { youngArray, youngArrayOf } from '../src/young.ts'

it('gives an array of its own with room for so many', () => {
  for (const length of [0, 1, 2, 1_024, 1_025]) {
    const array = youngArray<number>(length)
    expect(array).toHaveLength(length)
    array.fill(7)
    expect(youngArray(length)).toEqual(new Array(length).fill(undefined))
  }
})

it('holds the one item that it is made of', () => {
  const first = youngArrayOf('first')
  expect(youngArrayOf('second')).toEqual(['second'])
  expect(first).toEqual(['first'])
})
