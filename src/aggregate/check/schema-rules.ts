import type { Finding } from '../../errors.ts'
import { rejectType } from '../reject.ts'
import { error, type Subject, warning } from './subject.ts'

const builtInCodes: ReadonlySet<string> = new Set(['Unhandled', 'GuardBlocked', 'Done', 'StaleRevision'])

export function aggregateName({ name, schemaVersion }: Subject): readonly Finding[] {
  const findings: Finding[] = []
  if (typeof name !== 'string' || !/^[^-$][^-]*$/.test(name)) {
    findings.push(
      error(
        'name',
        'name',
        `${JSON.stringify(name)} is no name for an aggregate`,
        'give it a name that is not empty, holds no - (its streams are called name-id), and does not begin with $',
      ),
    )
  }
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) {
    findings.push(
      error(
        'schema-version',
        'schemaVersion',
        `${schemaVersion} is no version`,
        'count from 1 in whole numbers',
      ),
    )
  }
  return findings
}

export function typeNames({ commands, events }: Subject): readonly Finding[] {
  const faults = (place: string, types: Iterable<string>): Finding[] =>
    [...types].flatMap((type) => {
      const path = `${place}.${type}`
      if (type === rejectType) {
        return [error('reserved-type', path, "'reject' is reserved for rejections", 'choose another name')]
      }
      return /^$|\*|^xstate\.|^\$/.test(type)
        ? [
            error(
              'type-name',
              path,
              `'${type}' is no name`,
              'choose one that is not empty, holds no *, and does not begin with xstate. or $',
            ),
          ]
        : []
    })
  const both = [...commands.keys()].filter((type) => events.has(type))
  return [
    ...faults('commands', commands.keys()),
    ...faults('events', events.keys()),
    ...both.map((type) =>
      error(
        'command-and-event',
        `commands.${type}`,
        `'${type}' is both a command and a domain event`,
        'rename one',
      ),
    ),
  ]
}

export function schemaObjects({ commands, events }: Subject): readonly Finding[] {
  const faults = (place: string, schemas: Iterable<readonly [string, unknown]>): Finding[] =>
    [...schemas].flatMap(([type, schema]) =>
      schema === true || isStandardSchema(schema)
        ? []
        : [
            error(
              'schema',
              `${place}.${type}`,
              'this is no Standard Schema',
              'give the schema of a library that has them (zod, valibot, arktype ...), or true where there is no payload',
            ),
          ],
    )
  return [...faults('commands', commands), ...faults('events', events)]
}

function isStandardSchema(schema: unknown): boolean {
  const known = (schema as { readonly '~standard'?: { readonly validate?: unknown } } | null)?.['~standard']
  return typeof known?.validate === 'function'
}

export function rejectionCodes({ rejections }: Subject): readonly Finding[] {
  return [...rejections].flatMap(([code, text]) => {
    const path = `rejections.${code}`
    if (builtInCodes.has(code)) {
      return [error('built-in-code', path, `'${code}' is a code of Reenact itself`, 'choose another')]
    }
    return typeof text === 'string'
      ? []
      : [error('rejection-text', path, 'the text of a code is a string', 'say why the command is refused')]
  })
}

/** Schemas that no transition uses. */
export function unusedSchemas({ sites, commands, events }: Subject): readonly Finding[] {
  const handled = new Set(sites.map((site) => site.type))
  const unused = (place: string, types: Iterable<string>): Finding[] =>
    [...types]
      .filter((type) => !handled.has(type))
      .map((type) =>
        warning(
          'unused-schema',
          `${place}.${type}`,
          `no state handles '${type}'`,
          'handle it, or leave its schema out',
        ),
      )
  return [...unused('commands', commands.keys()), ...unused('events', events.keys())]
}
