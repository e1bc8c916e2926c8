/** One message of a live stream: what it is called, and its JSON. */
export interface Frame {
  readonly name: string
  readonly json: string
}

/**
 * Where the frames of one reader come from. It is asked when the reader is ready for more, never before: what happens
 * meanwhile is merged or dropped by the source, in memory that does not grow.
 */
export interface Source {
  /** Asked at every so many beats. */
  readonly everyBeats: number
  /** `undefined`: nothing new. */
  take(): Frame | undefined | Promise<Frame | undefined>
  close(): void
}
