import { type Aggregate, behaviour } from '../src/aggregate/aggregate-type.ts'
import type { Behaviour } from '../src/behaviour.ts'
import { DefinitionError } from '../src/errors.ts'

/**
 * What the definitions given to `start` do, by name.
 * @throws DefinitionError where two share a name, or where something else than a definition was given.
 */
export function behavioursOf(aggregates: readonly Aggregate[]): ReadonlyMap<string, Behaviour> {
  const behaviours = new Map<string, Behaviour>()
  for (const [index, definition] of aggregates.entries()) {
    const given = Object(definition) as Partial<Aggregate>
    const { name, [behaviour]: runs } = given
    if (name === undefined || runs === undefined) throw noDefinition(given, `aggregates[${index}]`)
    if (behaviours.has(name)) throw sharedName(name)
    behaviours.set(name, runs)
  }
  return behaviours
}

function noDefinition({ name = '?', structureHash }: Partial<Aggregate>, path: string): DefinitionError {
  const isForeign = structureHash !== undefined
  return new DefinitionError(name, [
    {
      severity: 'error',
      rule: 'no-definition',
      path,
      message: isForeign
        ? 'this definition was made by another copy of reenact'
        : 'what was given to start() is no definition',
      mend: isForeign
        ? "install reenact once: 'npm ls reenact' shows the copies"
        : 'give what aggregate() returned, not its machine or its model',
    },
  ])
}

function sharedName(name: string): DefinitionError {
  return new DefinitionError(name, [
    {
      severity: 'error',
      rule: 'duplicate-name',
      path: name,
      message: 'two definitions given to start() have this name, and would share their streams',
      mend: 'give each aggregate a name of its own',
    },
  ])
}
