import type { StoredSnapshot } from './event-store.ts'

/**
 * Which snapshots of a stream are kept, the same for every store:
 *
 * - the few newest, because the very newest may turn out not to fit, and because the recent past is asked for most;
 * - of the older ones those that stand apart: the next one by at least a sixth of its revision.
 *
 * So whoever travels to any revision replays at most a sixth of the events up to it, and some more until the next
 * snapshot was due. The number kept grows with the logarithm of the stream: 22 of 100,000 events with a snapshot every
 * 1,000, and 13 more for ten times as many. Each is decided when it is saved and never moved, so that a store which
 * can only append keeps the same ones.
 */
export const newestKept = 3

/** The least distance between two that are kept for long, as a part of the later one's revision. */
const apart = 1 / 6

/** Whether a snapshot is kept for long, by the newest one that is. */
export function standsApart(revision: number, newestApart: number | undefined): boolean {
  return newestApart === undefined || revision - newestApart >= revision * apart
}

/** The revisions, in rising order, that are given up of those that there are, in rising order. */
function outlived(revisions: readonly number[]): ReadonlySet<number> {
  const gone = new Set<number>()
  let newestApart: number | undefined
  for (const revision of revisions.slice(0, Math.max(0, revisions.length - newestKept))) {
    if (standsApart(revision, newestApart)) newestApart = revision
    else gone.add(revision)
  }
  return gone
}

/**
 * The snapshots to keep, in rising order of revision, after one more was saved. One that is older than the newest is
 * not kept: it never takes the place of a newer one, and what was kept is given back as it is.
 */
export function keepSnapshots<Kept extends Pick<StoredSnapshot, 'revision'>>(
  kept: readonly Kept[],
  saved: Kept,
): readonly Kept[] {
  const newest = kept.at(-1)
  if (newest !== undefined && newest.revision > saved.revision) return kept
  const all = [...kept.filter(({ revision }) => revision !== saved.revision), saved]
  const gone = outlived(all.map(({ revision }) => revision))
  return all.filter(({ revision }) => !gone.has(revision))
}

/** The newest of the kept ones at or below a revision. */
export function newestAtOrBelow<Kept extends Pick<StoredSnapshot, 'revision'>>(
  kept: readonly Kept[],
  atOrBelow = Number.POSITIVE_INFINITY,
): Kept | undefined {
  return kept.findLast(({ revision }) => revision <= atOrBelow)
}
