import type { StandardSchemaV1 } from '@standard-schema/spec'

/** The schema of a payload (without `type`), of any library that speaks Standard Schema; `true`: no payload. */
export type PayloadSchema = StandardSchemaV1 | true

/** Schemas by the type of the command or the domain event. */
export type Schemas = Readonly<Record<string, PayloadSchema>>

/** What a schema takes. */
export type PayloadInput<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : unknown
/** What a schema gives. */
export type PayloadOutput<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : unknown

/** One flat object type for each member of a payload that is a union. */
type MessageOf<Type extends string, Payload> = unknown extends Payload
  ? { readonly type: Type }
  : Payload extends unknown
    ? Flat<{ readonly type: Type } & Payload>
    : never

type Flat<T> = { [K in keyof T]: T[K] }

/**
 * The unions of messages that schemas take and give, each with its `type`. Read them as members of this interface
 * and under no other name: so declaration files hold the plain unions, not the types of a schema library.
 */
export interface MessagesOf<S extends Schemas> {
  readonly input: { [K in keyof S & string]: MessageOf<K, PayloadInput<S[K]>> }[keyof S & string]
  readonly output: { [K in keyof S & string]: MessageOf<K, PayloadOutput<S[K]>> }[keyof S & string]
}
