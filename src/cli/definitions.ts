import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type Aggregate, behaviour } from '../aggregate/aggregate-type.ts'
import { CommandFailed, exitCodes, notFound, wrongUsage } from './failure.ts'

/**
 * The definitions that a module exports, alone or in arrays, under any name.
 * @throws CommandFailed where the module cannot be loaded or exports none.
 */
export async function definitionsOf(path: string | undefined): Promise<readonly Aggregate[]> {
  if (path === undefined) {
    throw wrongUsage('Name the module that exports your definitions: --definitions ./account.js')
  }
  const found = new Set<Aggregate>()
  for (const exported of Object.values(await loaded(path))) {
    for (const value of Array.isArray(exported) ? exported : [exported]) {
      if (isDefinition(value)) found.add(value)
      else if (isOfAnotherCopy(value)) throw otherCopy(path)
    }
  }
  if (found.size > 0) return [...found]
  throw new CommandFailed(exitCodes.failed, `'${path}' exports no definition made by aggregate().`)
}

/** @throws CommandFailed where none has this name. */
export function definitionOf(definitions: readonly Aggregate[], name: string): Aggregate {
  const found = definitions.find((definition) => definition.name === name)
  if (found !== undefined) return found
  const names = definitions.map((definition) => definition.name).join(', ')
  throw notFound(`No definition is named '${name}'. There are: ${names}.`)
}

async function loaded(path: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await import(pathToFileURL(resolve(path)).href)) as Readonly<Record<string, unknown>>
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new CommandFailed(
      exitCodes.failed,
      `'${path}' cannot be loaded: ${reason}${adviceOn(error)}`,
      error,
    )
  }
}

/** Node learnt to read TypeScript in 22.18. */
function adviceOn(error: unknown): string {
  const { code } = error as { readonly code?: unknown }
  return code === 'ERR_UNKNOWN_FILE_EXTENSION'
    ? '\nThis Node does not read TypeScript. Give the compiled module, or let tsx help: NODE_OPTIONS="--import tsx" reenact ...'
    : ''
}

function isDefinition(value: unknown): value is Aggregate {
  return typeof value === 'object' && value !== null && behaviour in value
}

/** Looks like a definition, but the key of ours is not there. */
function isOfAnotherCopy(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'structureHash' in value && 'machine' in value
}

function otherCopy(path: string): CommandFailed {
  return new CommandFailed(
    exitCodes.failed,
    `The definitions in '${path}' were made by another copy of reenact than this command. Run the one beside them: npx reenact, in their project.`,
  )
}
