/** What JSON holds beside objects and arrays. */
export type JsonPrimitive = string | number | boolean | null
/** What survives a round trip through JSON: the only values that are stored. */
export type JsonValue = JsonPrimitive | JsonObject | readonly JsonValue[]
/** A plain object of such values; a key that is `undefined` is left out when it is stored. */
export interface JsonObject {
  readonly [key: string]: JsonValue | undefined
}
