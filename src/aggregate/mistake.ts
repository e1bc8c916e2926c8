/** Stands where a type should be, so that the compiler's message ends in a sentence for people. */
export interface Mistake<Sentence extends string> {
  readonly '✗': Sentence
}

type AnyFunction = (...given: never) => unknown
/** True for `any` and `unknown`: types that say nothing. */
export type SaysNothing<T> = unknown extends T ? true : false

/**
 * The places of a type that JSON cannot hold: `Opened.at`. Looks as deep as payloads go and no deeper, since types
 * may be recursive.
 */
export type NotJsonAt<T, Path extends string, Depth extends 0[] = []> =
  SaysNothing<T> extends true
    ? Path
    : Depth['length'] extends 8
      ? never
      : T extends string | number | boolean | null | undefined
        ? never
        : T extends readonly (infer Item)[]
          ? undefined extends Item
            ? `${Path}[]`
            : NotJsonAt<Item, `${Path}[]`, [...Depth, 0]>
          : T extends AnyFunction | bigint | symbol
            ? Path
            : HasMethods<T> extends true
              ? Path
              : {
                  [K in keyof T & (string | number)]-?: NotJsonAt<T[K], `${Path}.${K}`, [...Depth, 0]>
                }[keyof T & (string | number)]

/** How an instance of a class shows in types: Date, Map, a user's own. */
type HasMethods<T> = true extends { [K in keyof T]-?: IsMethod<T[K]> }[keyof T] ? true : false

type IsMethod<T> = SaysNothing<T> extends true ? false : T extends AnyFunction ? true : false

export type NotJson<Path extends string> =
  `'${Path}' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)`
