/** The lengths that are cut from the pattern; what is longer is rare. */
const longest = 1024

const one: readonly undefined[] = [undefined]
const pattern: readonly undefined[] = new Array<undefined>(longest).fill(undefined)

/**
 * An array with room for `length` items, to be filled at once, that holds what a command holds until it is answered.
 *
 * V8 counts for each place in the code how much of what a literal or `new Array` makes there is still alive at the next
 * collection. Where that is most of it, as when a thousand aggregates are opened at once, the place allocates in the
 * old space from then on, and whatever such an array or object holds outlives each minor collection, too, until the
 * whole heap is marked. Measured at 30,000 commands a second: nearly all that a command allocates (2,000 bytes) was
 * copied twice and stayed, so that a minor collection took 10 ms instead of 2. What `slice` copies and what a
 * constructor of a class makes is not counted. So on the way of a command lists are made here, and objects that hold
 * other objects are instances of classes.
 */
export function youngArray<Item>(length: number): Item[] {
  if (length === 1) return one.slice() as unknown[] as Item[]
  if (length <= longest) return pattern.slice(0, length) as unknown[] as Item[]
  return new Array<Item>(length)
}
