import type { StandardSchemaV1 } from '@standard-schema/spec'
import { InvalidCommand } from '../errors.ts'
import { type Aggregate, behaviour, type CommandOf } from './aggregate-type.ts'

/**
 * One Standard Schema over all commands of an aggregate, `type` included, for the validators of HTTP frameworks.
 * It gives back the very command it was given: `ask` takes what the command schemas take, and runs them itself, so
 * that a transformation in one of them happens once.
 * @param definition made by `aggregate()`.
 * @returns a schema whose issues are those of `InvalidCommand`, each with its path.
 */
export function commandSchema<A extends Aggregate>(definition: A): StandardSchemaV1<CommandOf<A>> {
  const validate = (command: unknown): StandardSchemaV1.Result<CommandOf<A>> => {
    try {
      definition[behaviour].accept('(any)', command)
      return { value: command as CommandOf<A> }
    } catch (thrown) {
      if (thrown instanceof InvalidCommand) return { issues: thrown.issues }
      throw thrown
    }
  }
  return { '~standard': { version: 1, vendor: 'reenact', validate } }
}
