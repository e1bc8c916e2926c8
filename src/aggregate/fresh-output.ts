import type { PayloadSchema } from './schemas.ts'

/** What zod 4 tells those who build on it of an object schema. */
interface ObjectOfZod {
  readonly def: {
    readonly type: 'object'
    readonly shape: object
    readonly catchall?: unknown
    readonly checks?: readonly unknown[]
  }
}

/**
 * Whether a schema is known to build a new object at each call, of its own keys and no others, without a `type`. Then
 * it may be given a whole message, and what it gives may be made one: two copies less for each payload.
 *
 * In general nobody knows: a schema may give back what it was given, keep what it gave, refuse keys that it does not
 * know, or look at all of them in a check. A plain `z.object({ ... })`, which most payloads are, does none of it.
 */
export function givesFreshOutput(schema: PayloadSchema): boolean {
  if (schema === true || schema['~standard'].vendor !== 'zod' || !Object.hasOwn(schema, '_zod')) return false
  const { def } = (schema as unknown as { readonly _zod: Partial<ObjectOfZod> })._zod
  if (def?.type !== 'object' || def.catchall !== undefined || (def.checks ?? []).length > 0) return false
  return !('type' in def.shape) && Object.getOwnPropertySymbols(def.shape).length === 0
}
