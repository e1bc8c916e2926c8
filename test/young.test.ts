import { inspect, isDeepStrictEqual } from 'node:util'
import { expect, it } from 'vitest'
import { plainConstructor, youngArray, youngArrayOf } from '../src/young.ts'

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

it('makes plain objects that cannot be told from literals', () => {
  interface Point {
    readonly x: number
    readonly y: number
  }
  const Point = plainConstructor<Point, [x: number, y: number]>(function (x, y) {
    this.x = x
    this.y = y
  })
  const point = new Point(1, 2)
  const literal = { x: 1, y: 2 }
  expect(isDeepStrictEqual(point, literal)).toBe(true)
  expect(point).toStrictEqual(literal)
  expect(Object.getPrototypeOf(point)).toBe(Object.prototype)
  expect(point.constructor).toBe(Object)
  expect(inspect(point)).toBe(inspect(literal))
  expect(structuredClone(point)).toStrictEqual(literal)
  expect(new Point(3, 4)).toStrictEqual({ x: 3, y: 4 })
})
