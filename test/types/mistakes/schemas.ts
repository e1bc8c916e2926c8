import { z } from 'zod'
import { model } from '../../../src/aggregate/index.ts'

const context = {} as { count: number }

interface Tree {
  readonly name: string
  readonly children: readonly Tree[]
}
// What JSON holds: optional keys, nested objects, literals, recursion, brands.
model({
  context: {} as { tree: Tree; memo?: string; list: readonly (number | null)[] },
  commands: { Ask: z.object({ json: z.json(), brand: z.string().brand<'Iban'>() }) },
  events: { Told: z.object({ kind: z.enum(['a', 'b']), at: z.iso.datetime(), memo: z.string().optional() }) },
})

// @ts-expect-error: 'Told.at' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
model({ context, commands: {}, events: { Told: z.object({ at: z.date() }) } })

// @ts-expect-error: 'Told.list[].id' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
model({ context, commands: {}, events: { Told: z.object({ list: z.array(z.object({ id: z.bigint() })) }) } })

// @ts-expect-error: 'Told.any' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
model({ context, commands: {}, events: { Told: z.object({ any: z.any() }) } })

// @ts-expect-error: 'Ask.when' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
model({ context, commands: { Ask: z.object({ when: z.map(z.string(), z.string()) }) }, events: {} })

// @ts-expect-error: the schema of 'Ask' says nothing about its payload: use true where there is none
model({ context, commands: { Ask: z.unknown() }, events: {} })

// @ts-expect-error: the schema of 'Ask' must give an object
model({ context, commands: { Ask: z.string() }, events: {} })

// @ts-expect-error: the schema of 'Told' must give an object
model({ context, commands: {}, events: { Told: z.array(z.string()) } })

// @ts-expect-error: the schema of 'Told' holds 'type': leave it out, it is added
model({ context, commands: {}, events: { Told: z.object({ type: z.string() }) } })

// @ts-expect-error: the schema of 'Told' must accept its own output, for stored events are validated when they are read
model({ context, commands: {}, events: { Told: z.object({ n: z.string().transform(Number) }) } })
model({ context, commands: { Ask: z.object({ n: z.string().transform(Number) }) }, events: {} })

// @ts-expect-error: 'reject' is reserved for rejections: give this domain event another name
model({ context, commands: {}, events: { reject: true } })

// @ts-expect-error: 'ask.*' is no name for a command: it must not be empty, hold a *, or begin with xstate. or $
model({ context, commands: { 'ask.*': true }, events: {} })

// @ts-expect-error: '$told' is no name for a domain event: it must not be empty, hold a *, or begin with xstate. or $
model({ context, commands: {}, events: { $told: true } })

model({
  context,
  // @ts-expect-error: 'Told' is both a command and a domain event: give one of them another name
  commands: { Told: true },
  events: { Told: true },
})

// @ts-expect-error: 'context.total' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
model({ context: {} as { total: bigint }, commands: {}, events: {} })
