declare const positionBrand: unique symbol

/**
 * A place in the global order of a store. Opaque: compare positions of one store with `<`, `>` and `===`, keep
 * them as checkpoints (they are JSON numbers), and do not compute with them: they are not gapless.
 */
export type Position = number & { readonly [positionBrand]: true }

/** Marks a number that a store adapter made as a position of that store. */
export function position(value: number): Position {
  return value as Position
}
