import { describe, expect, test } from 'vitest'
import { type AnyStateMachine, emit, setup } from 'xstate'
import { type Aggregate, aggregate, reject } from '../../../src/aggregate/index.ts'
import { DefinitionError, type Finding } from '../../../src/errors.ts'

/** A definition of a little machine: `Go` is its command, `Gone` its event. Types are not what is tested here. */
export interface Sketch {
  readonly config: object
  readonly actions?: object
  readonly guards?: object
  readonly commands?: object
  readonly events?: object
  readonly rejections?: object
  readonly name?: string
  readonly schemaVersion?: number
}

const actions = { Gone: emit({ type: 'Gone' } as never), No: reject('No') }

export function machineOf(sketch: Sketch): AnyStateMachine {
  const made = setup({
    actions: { ...actions, ...sketch.actions },
    guards: { yes: () => true, ...sketch.guards },
  } as never)
  return made.createMachine({ id: 'trip', ...sketch.config } as never) as unknown as AnyStateMachine
}

export function define(sketch: Sketch): Aggregate {
  const { commands = { Go: true }, events = { Gone: true }, rejections = { No: 'no' } } = sketch
  const { name = 'trip', schemaVersion = 1 } = sketch
  const machine = machineOf(sketch)
  return aggregate({ name, schemaVersion, machine, commands, events, rejections } as never) as Aggregate
}

/** What the checker says: of an error that was thrown, or of a definition that passed. */
export function findingsOf(sketch: Sketch): readonly Finding[] {
  try {
    return define(sketch).findings
  } catch (thrown) {
    if (thrown instanceof DefinitionError) return thrown.findings
    throw thrown
  }
}

/** A sketch that breaks one rule, and what is said of it. */
export interface Case extends Sketch {
  readonly what: string
  readonly rule: string
  readonly path: string
  readonly message: string
  readonly mend: string
}

/** Each case breaks its rule and no other. */
export function forbidden(what: string, cases: readonly Case[]): void {
  describe(`forbidden: ${what}`, () => {
    test.each(cases)('$what', ({ rule, path, message, mend, ...sketch }) => {
      const found = findingsOf(sketch).filter(({ severity }) => severity === 'error')
      expect(found).toContainEqual({
        severity: 'error',
        rule,
        path,
        message: expect.stringContaining(message),
        mend: expect.stringContaining(mend),
      })
      expect(found.map((finding) => finding.rule)).toEqual([rule])
    })
  })
}

/** The domain event of a sketch, handled without a change. */
export const gone = { Gone: {} }

/** A sketch whose command has these actions. */
export function go(actions: unknown): { readonly on: object } {
  return { on: { Go: { actions }, ...gone } }
}

/** A sketch without any finding. */
export const fine = go('Gone')
