import type { Mistake, NotJson, NotJsonAt, SaysNothing } from './mistake.ts'
import type { PayloadInput, PayloadOutput, Schemas } from './schemas.ts'

/** What is wrong with a schema by itself, whatever the machine: a sentence, or `never`. */
export type SchemaFault<Kind extends Kinds, K extends string, S, Others> =
  | NameFault<Kind, K, Others>
  | (S extends true
      ? never
      : PayloadFault<K, PayloadOutput<S>> extends infer Fault
        ? [Fault] extends [never]
          ? Kind extends 'domain event'
            ? OwnOutputFault<K, S>
            : never
          : Fault
        : never)

export type Kinds = 'command' | 'domain event'

type NameFault<Kind extends Kinds, K extends string, Others> = K extends 'reject'
  ? `'reject' is reserved for rejections: give this ${Kind} another name`
  : K extends '' | `${string}*${string}` | `xstate.${string}` | `$${string}`
    ? `'${K}' is no name for a ${Kind}: it must not be empty, hold a *, or begin with xstate. or $`
    : K extends Others
      ? `'${K}' is both a command and a domain event: give one of them another name`
      : never

type PayloadFault<K extends string, Output> =
  SaysNothing<Output> extends true
    ? `the schema of '${K}' says nothing about its payload: use true where there is none`
    : Output extends readonly unknown[] | string | number | boolean | null | undefined
      ? `the schema of '${K}' must give an object`
      : 'type' extends keyof Output
        ? `the schema of '${K}' holds 'type': leave it out, it is added`
        : NotJsonAt<Output, K> extends infer Path extends string
          ? NotJson<Path>
          : never

/** Stored events are validated again when they are read, and what was stored is the output. */
type OwnOutputFault<K extends string, S> =
  PayloadOutput<S> extends PayloadInput<S>
    ? never
    : `the schema of '${K}' must accept its own output, for stored events are validated when they are read`

/** The schemas themselves where they are right, a sentence at each key where they are not. */
export type SchemasCheck<Kind extends Kinds, S extends Schemas, Others> = string extends keyof S
  ? Mistake<`the schemas of each ${Kind} need literal keys: write them in place`>
  : SentenceAt<{ readonly [K in keyof S & string]: SchemaFault<Kind, K, S[K], Others> }, S>

/** Keeps the keys that have a sentence. */
export type SentenceAt<Faults, Right> = {
  [K in keyof Faults as [Faults[K]] extends [never] ? never : K]: Mistake<Faults[K] & string>
} extends infer Wrong
  ? keyof Wrong extends never
    ? Right
    : Wrong
  : never

export type ContextCheck<Context> =
  NotJsonAt<Context, 'context'> extends infer Path extends string
    ? [Path] extends [never]
      ? Context
      : Mistake<NotJson<Path>>
    : never
