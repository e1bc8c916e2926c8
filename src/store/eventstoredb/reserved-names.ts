/** The category of the streams that hold snapshots: `reenact.snapshots-<stream>`. */
export const snapshotCategory = 'reenact.snapshots'

/** Where appends of no events go that show whether the store takes writes. It never comes to hold one. */
export const connectionStream = 'reenact.connection'

/**
 * Why the server cannot take a stream of this name, or should not. `$...` are streams of the system, which only
 * administrators may write; an append to `$$` even ends the server's process.
 */
export function nameRefusal(stream: string): string | undefined {
  if (stream === '') return 'a stream needs a name'
  if (stream.startsWith('$')) return "names that begin with '$' belong to the server"
  if (stream === connectionStream || stream.startsWith(`${snapshotCategory}-`)) {
    return `'${snapshotCategory}' and '${connectionStream}' belong to Reenact`
  }
  return undefined
}
