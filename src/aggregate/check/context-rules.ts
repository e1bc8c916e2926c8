import { isDeepStrictEqual } from 'node:util'
import type { Finding } from '../../errors.ts'
import { jsonFate, jsonRefusal } from '../../event/json-walk.ts'
import { error, type Subject } from './subject.ts'

type Factory = (given: {
  readonly input: unknown
  readonly spawn: unknown
  readonly self: unknown
}) => unknown

/** The context an aggregate begins with: JSON, and the same whenever it is made. */
export function initialContext({ chart }: Subject): readonly Finding[] {
  const path = `${chart.id}.context`
  if (chart.context.kind === 'none') return []
  if (chart.context.kind === 'fixed') return jsonFaults(path, chart.context.value)
  const make = chart.context.make as unknown as Factory
  const asked = new Set<string>()
  try {
    const first = make(given(asked))
    const second = make(given(asked))
    return [
      ...jsonFaults(path, first),
      ...(isDeepStrictEqual(first, second)
        ? []
        : [
            error(
              'context-factory',
              path,
              'two calls of the context factory give two contexts, so a replay would begin elsewhere',
              'let it depend on nothing but `input.id`: time, ids and chance come with a command',
            ),
          ]),
      ...inputFaults(path, asked),
    ]
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return [
      error('context-factory', path, `the context factory threw: ${reason}`, 'let it compute a plain object'),
      ...inputFaults(path, asked),
    ]
  }
}

function given(asked: Set<string>): Parameters<Factory>[0] {
  const input = { id: 'some-id' }
  return {
    input: new Proxy(input, {
      get(target, key) {
        if (typeof key === 'string') asked.add(key)
        return Reflect.get(target, key)
      },
    }),
    spawn: () => {
      throw new Error('it spawns an actor, and Reenact runs no effects in a machine')
    },
    self: undefined,
  }
}

function inputFaults(path: string, asked: ReadonlySet<string>): readonly Finding[] {
  return [...asked]
    .filter((key) => key !== 'id')
    .map((key) =>
      error(
        'machine-input',
        path,
        `the context factory reads \`input.${key}\`, and the input of a machine is { id }`,
        'let a command bring it, and a domain event store it',
      ),
    )
}

function jsonFaults(path: string, context: unknown): readonly Finding[] {
  if (jsonFate(context) !== 'refused') return []
  const found = jsonRefusal(context)
  return [
    error(
      'context-json',
      [path, ...found.path].join('.'),
      found.reason,
      'use what JSON holds: strings, numbers, booleans, null, arrays and plain objects',
    ),
  ]
}
