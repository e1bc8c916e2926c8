/**
 * Leaves out of a failing list what is not needed for the failure (delta debugging, Zeller and Hildebrandt, 2002):
 * larger parts first, then smaller ones, until no single item can go, or the attempts are used up.
 * @param fails whether the shorter list still fails in the same way.
 */
export async function shrunk<T>(
  items: readonly T[],
  fails: (items: readonly T[]) => Promise<boolean>,
  attempts: number,
): Promise<readonly T[]> {
  let left = attempts
  let kept = items
  for (let size = Math.ceil(kept.length / 2); size >= 1; ) {
    let isShorter = false
    for (let from = 0; from < kept.length && left > 0; left--) {
      const without = [...kept.slice(0, from), ...kept.slice(from + size)]
      if (await fails(without)) {
        kept = without
        isShorter = true
      } else from += size
    }
    if (left === 0) return kept
    // What could not go before may go now that others are gone.
    size = size === 1 ? (isShorter ? 1 : 0) : Math.ceil(size / 2)
  }
  return kept
}
