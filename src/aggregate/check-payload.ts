import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Issue } from '../errors.ts'
import type { PayloadSchema } from './schemas.ts'

/** What a schema said: the payload as an object, or what is wrong with it. */
export type CheckedPayload =
  | { readonly value: Record<string, unknown>; readonly issues?: undefined }
  | { readonly issues: readonly Issue[] }

/** Runs the schema of a payload, synchronously. Never throws. */
export function checkPayload(schema: PayloadSchema, payload: Record<string, unknown>): CheckedPayload {
  if (schema === true) return withoutPayload(payload)
  let result: ReturnType<StandardSchemaV1['~standard']['validate']>
  try {
    result = schema['~standard'].validate(payload)
  } catch (thrown) {
    return refusal(`the schema threw: ${thrown instanceof Error ? thrown.message : String(thrown)}`)
  }
  if (result instanceof Promise) {
    // Nobody waits for it, and its failure must not end the process.
    result.catch(() => undefined)
    return refusal(promised)
  }
  if (result.issues !== undefined) return { issues: result.issues.map(issueOf) }
  return isRecord(result.value) ? (result as CheckedPayload) : refusal('the schema must give an object')
}

const promised =
  'the schema answered with a Promise: schemas must be synchronous (zod answers so, too, where something in it throws)'

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withoutPayload(payload: Record<string, unknown>): CheckedPayload {
  for (const key in payload) {
    if (payload[key] !== undefined) {
      return {
        issues: [{ path: [key], message: 'it has no payload, so this key has no meaning: leave it out' }],
      }
    }
  }
  return { value: payload }
}

function refusal(message: string): CheckedPayload {
  return { issues: [{ path: [], message }] }
}

function issueOf(issue: StandardSchemaV1.Issue): Issue {
  // A plain array: a library may have a class of its own for paths.
  return { path: Array.from(issue.path ?? [], segmentOf), message: issue.message }
}

function segmentOf(segment: PropertyKey | StandardSchemaV1.PathSegment): string | number {
  const key = typeof segment === 'object' ? segment.key : segment
  return typeof key === 'symbol' ? String(key) : key
}
