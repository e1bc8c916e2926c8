import type { StandardSchemaV1 } from '@standard-schema/spec'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { emit } from 'xstate'
import { z } from 'zod'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { Aggregate } from '../../src/aggregate/index.ts'
import { define, fine } from './check/definition.ts'
import { accepted, id, recorded } from './recorded.ts'

/** A schema of no library, which gives whatever it likes. */
function giving(give: (payload: unknown) => unknown): StandardSchemaV1 {
  const validate = (payload: unknown) => ({ value: give(payload) })
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

/** `Go` emits `Gone` with what it got. */
function tripOf(schema: StandardSchemaV1): Aggregate {
  const Gone = emit(({ event }: { event: object }) => ({ ...event, type: 'Gone' }))
  return define({ config: fine, actions: { Gone }, commands: { Go: schema }, events: { Gone: schema } })
}

// Proven decisions freeze and compare what trusted ones only pass on.
describe.each(['production', 'test'])('in the environment %s', (environment) => {
  beforeEach(() => void vi.stubEnv('NODE_ENV', environment))
  afterEach(() => void vi.unstubAllEnvs())

  test('an object that a schema gives again and again stays as it is', () => {
    const shared = { by: 'train' }
    const trip = tripOf(giving(() => shared))
    for (const round of [1, 2]) {
      const [event] = accepted(trip, { type: 'Go', round }).events
      expect(event?.message).toEqual({ type: 'Gone', by: 'train' })
      expect(trip[behaviour].accept(id, { type: 'Go' })).toEqual({ type: 'Go', by: 'train' })
      expect(trip[behaviour].decode(recorded('Gone', {}))).toEqual([{ type: 'Gone', by: 'train' }])
      expect(shared).toEqual({ by: 'train' })
    }
  })

  test('a schema that gives back the very object changes neither the command nor the stored event', () => {
    const trip = tripOf(giving((payload) => payload))
    const command = Object.freeze({ type: 'Go', by: 'train' })
    expect(trip[behaviour].accept(id, command)).toEqual(command)
    expect(accepted(trip, command).events[0]?.message).toEqual({ type: 'Gone', by: 'train' })
    const data = { by: 'train' }
    expect(trip[behaviour].decode(recorded('Gone', data))).toEqual([{ type: 'Gone', by: 'train' }])
    expect(data).toEqual({ by: 'train' })
  })

  test('what a schema gives may be frozen', () => {
    for (const schema of [
      giving((payload) => Object.freeze(payload)),
      z.object({ by: z.string() }).readonly() as StandardSchemaV1,
    ]) {
      const trip = tripOf(schema)
      expect(accepted(trip, { type: 'Go', by: 'train' }).events[0]?.message).toEqual({
        type: 'Gone',
        by: 'train',
      })
    }
  })

  test('what is nested belongs to nobody else', () => {
    const trip = tripOf(z.object({ stops: z.any() }))
    const command = { type: 'Go', stops: [{ name: 'Brno' }] }
    const message = trip[behaviour].accept(id, command)
    ;(command.stops[0] as { name: string }).name = 'Praha'
    expect(message).toEqual({ type: 'Go', stops: [{ name: 'Brno' }] })
  })

  test.each([
    ['strict', z.strictObject({ by: z.string() })],
    ['checked', z.object({ by: z.string() }).refine((payload) => !('type' in payload))],
    ['loose and checked', z.looseObject({ by: z.string() }).refine((payload) => !('type' in payload))],
    ['catching all', z.object({ by: z.string() }).catchall(z.number())],
    ['transformed', z.looseObject({}).transform((payload) => ({ keys: Object.keys(payload).join() }))],
    [
      'preprocessed',
      z.preprocess(
        (payload) => ({ keys: Object.keys(payload as object).join() }),
        z.object({ keys: z.string() }),
      ),
    ],
  ] as const)('a schema is not shown the type: %s', (_, schema) => {
    const trip = tripOf(schema)
    const shown = expect.stringContaining('type')
    expect(trip[behaviour].accept(id, { type: 'Go', by: 'train' })).not.toHaveProperty('keys', shown)
    expect(accepted(trip, { type: 'Go', by: 'train' }).events[0]?.message).not.toHaveProperty('keys', shown)
  })
})
