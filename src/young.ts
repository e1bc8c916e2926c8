/*
 * How objects are made that a command holds until it is answered.
 *
 * V8 counts, for each place in the code, how much of what a literal or `new Array` made there is alive at the next
 * collection. Where that is most of it, as when a thousand aggregates are opened at once, the place allocates in the
 * old space from then on ("allocation-site pretenuring"). What lies there is found dead only when the whole heap is
 * marked, and until then all that it refers to outlives each minor collection, too. Measured at 30,000 commands a
 * second on the embedded store: nearly all that a command allocates, 2,000 bytes, was copied twice and kept, a minor
 * collection took 10 ms instead of 2, and each 0.7 s the heap was marked (`npm run bench -- survivors`).
 *
 * Rest parameters, what `slice` copies and what a constructor makes are not counted. So on the way of a command lists
 * are made here, and objects that refer to others by constructors: of a class, or of plain objects.
 */

/** The lengths that are cut from the pattern; what is longer is rare. */
const longest = 1024

const pattern: readonly unknown[] = new Array(longest).fill(undefined)

/** An array with room for `length` items, to be filled at once. */
export function youngArray<Item>(length: number): Item[] {
  // What nearly all commands need.
  if (length === 1) return youngArrayOf(undefined) as Item[]
  if (length <= longest) return pattern.slice(0, length) as Item[]
  return new Array<Item>(length)
}

/** An array of these items: as quick as a literal, and four times as quick as a copy. */
export function youngArrayOf<Item>(...items: Item[]): Item[] {
  return items
}

/**
 * A constructor of plain objects: what it makes cannot be told from what a literal makes, so that it may be shown to
 * users, who compare and print it.
 * @param fill gives `this` all its properties, each time the same in the same order.
 */
export function plainConstructor<Made extends object, Parts extends readonly unknown[]>(
  fill: (this: { -readonly [Key in keyof Made]: Made[Key] }, ...parts: Parts) => void,
): new (
  ...parts: Parts
) => Made {
  fill.prototype = Object.prototype
  return fill as never
}
