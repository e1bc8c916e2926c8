/** Where the record of an append stands: in which block (named by the position of its first event), as which record. */
export interface Place {
  readonly block: number
  readonly index: number
}

/** The newest append of a stream. */
export interface Head extends Place {
  /** The revision of its last event. */
  readonly revision: number
}
