/** The lengths that are cut from the pattern; what is longer is rare. */
const longest = 1024

const one: readonly unknown[] = [undefined]
const pattern: readonly unknown[] = new Array(longest).fill(undefined)

/**
 * An array with room for `length` items, to be filled at once, that holds what a command holds until it is answered.
 *
 * V8 counts, for each place in the code, how much of what a literal or `new Array` made there is alive at the next
 * collection. Where that is most of it, as when a thousand aggregates are opened at once, the place allocates in the
 * old space from then on ("allocation-site pretenuring"). What lies there is found dead only when the whole heap is
 * marked, and until then all that it refers to outlives each minor collection, too. Measured at 30,000 commands a
 * second on the embedded store: nearly all that a command allocates, 2,000 bytes, was copied twice and kept, a minor
 * collection took 10 ms instead of 2, and each 0.7 s the heap was marked (`npm run bench -- survivors`).
 *
 * What `slice` and a spread (`{ ...pattern }`) copy, and what a constructor of a class makes, is not counted. So on the
 * way of a command lists are made here, and objects that refer to others are instances of classes or copies.
 */
export function youngArray<Item>(length: number): Item[] {
  if (length === 1) return one.slice() as Item[]
  if (length <= longest) return pattern.slice(0, length) as Item[]
  return new Array<Item>(length)
}

/** The same with one item, which is what nearly all commands need. */
export function youngArrayOf<Item>(item: Item): Item[] {
  const array = one.slice() as Item[]
  array[0] = item
  return array
}
