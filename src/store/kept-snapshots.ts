import type { StoredSnapshot } from './event-store.ts'

/**
 * How many snapshots of a stream are kept. More than one, because time travel begins at the newest at or below a
 * revision, and because the newest may turn out not to fit; few, because each is as large as its aggregate.
 */
export const snapshotsKept = 3

/**
 * The snapshots to keep, in rising order of revision, after one more was saved. One that is older than all of a full
 * set is dropped at once: it never takes the place of a newer one.
 */
export function keepNewest<Kept extends Pick<StoredSnapshot, 'revision'>>(
  kept: readonly Kept[],
  saved: Kept,
): readonly Kept[] {
  return [...kept.filter(({ revision }) => revision !== saved.revision), saved]
    .sort((one, other) => one.revision - other.revision)
    .slice(-snapshotsKept)
}

/** The newest of the kept ones at or below a revision. */
export function newestAtOrBelow<Kept extends Pick<StoredSnapshot, 'revision'>>(
  kept: readonly Kept[],
  atOrBelow = Number.POSITIVE_INFINITY,
): Kept | undefined {
  return kept.findLast(({ revision }) => revision <= atOrBelow)
}
