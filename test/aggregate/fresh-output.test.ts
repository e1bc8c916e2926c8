import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as mini from 'zod/mini'
import { givesFreshOutput } from '../../src/aggregate/fresh-output.ts'
import type { PayloadSchema } from '../../src/aggregate/schemas.ts'

const object = z.object({ amount: z.number(), by: z.string().optional() })

describe('givesFreshOutput', () => {
  test.each([
    ['an object', object],
    ['without keys', z.object({})],
    ['extended', object.extend({ note: z.string().default('none') })],
    ['described', object.describe('how much')],
    ['partial', object.partial()],
    ['branded', object.brand('Amount')],
    ['of zod/mini', mini.object({ amount: mini.number() })],
    ['nested', z.object({ lines: z.array(z.strictObject({ sku: z.string() }).refine(() => true)) })],
  ])('yes: %s', (_, schema) => {
    expect(givesFreshOutput(schema)).toBe(true)
    // What is relied on, whatever version of the library is installed.
    const payload = { amount: 1, lines: [] }
    const message = Object.freeze({ type: 'Deposit', surplus: 2, ...payload })
    const valid = (given: object): object => {
      const result = schema['~standard'].validate(given)
      if (result instanceof Promise || result.issues !== undefined) throw new Error('not valid')
      return result.value
    }
    expect(valid(message)).toStrictEqual(valid(payload))
    expect(valid(message)).not.toBe(message)
    expect(valid(message)).not.toBe(valid(message))
    expect(Object.isExtensible(valid(message))).toBe(true)
    expect(Object.getPrototypeOf(valid(message))).toBe(Object.prototype)
  })

  test.each([
    ['no payload', true],
    ['strict', object.strict()],
    ['loose', object.loose()],
    ['catchall', object.catchall(z.number())],
    ['refined', object.refine(() => true)],
    ['checked', object.superRefine(() => undefined)],
    ['overwritten', object.overwrite((payload) => payload)],
    ['transformed', object.transform((payload) => payload)],
    ['piped', object.pipe(z.any())],
    ['preprocessed', z.preprocess((payload) => payload, object)],
    ['read-only', object.readonly()],
    ['with a default', object.default({ amount: 1 })],
    ['catching', object.catch({ amount: 1 })],
    ['optional', object.optional()],
    ['a union', z.union([object, object])],
    ['a record', z.record(z.string(), z.number())],
    ['anything', z.any()],
    ['custom', z.custom<object>(() => true)],
    ['lazy', z.lazy(() => object)],
    ['with a type', z.object({ type: z.string() })],
    ['with a symbol', z.object({ [Symbol('s')]: z.any() } as never)],
    ['derived from an object', Object.create(object)],
    ['of valibot', v.object({ amount: v.number() })],
    ['of arktype', type({ amount: 'number' })],
  ] as const)('nobody knows: %s', (_, schema) => {
    expect(givesFreshOutput(schema as PayloadSchema)).toBe(false)
  })
})
