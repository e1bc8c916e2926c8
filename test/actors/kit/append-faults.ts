import type { Fault } from '../../../src/testing/index.ts'

/** Everything that can happen to an append, each with a name for the title of a test. */
export const appendFaults: readonly (readonly [string, Fault])[] = [
  ['another writer is first', { kind: 'conflict', by: 'stranger' }],
  ['another process is first with the same command', { kind: 'conflict', by: 'sameCommand' }],
  ['a conflict of which nothing can be read', { kind: 'phantomConflict' }],
  ['the store cannot be reached', { kind: 'refused', because: 'unreachable' }],
  ['the store denies access', { kind: 'refused', because: 'denied' }],
  ['the store refuses the content', { kind: 'refused', because: 'content' }],
  ['it gets lost', { kind: 'unknownBeforeWrite' }],
  ['its answer gets lost', { kind: 'unknownAfterWrite' }],
  ['it arrives after seconds', { kind: 'lateArrival', afterMs: 4_000 }],
  ['it arrives after half a minute', { kind: 'lateArrival', afterMs: 31_000 }],
  ['it is committed late, repeats are unknown', { kind: 'lateCommit', afterMs: 19_000, repeats: 'unknown' }],
  ['it is committed late, repeats get no answer', { kind: 'lateCommit', afterMs: 19_000, repeats: 'none' }],
  ['its leader falls, repeats are unknown', { kind: 'vanishingTail', afterMs: 9_000, repeats: 'unknown' }],
  ['its leader falls, repeats get no answer', { kind: 'vanishingTail', afterMs: 9_000, repeats: 'none' }],
  ['it is written and never answered', { kind: 'mute', effect: 'written' }],
  ['it is neither written nor answered', { kind: 'mute', effect: 'none' }],
  ['its answer comes late', { kind: 'lateAnswer', afterMs: 45_000 }],
  ['it is delivered twice', { kind: 'sentTwice', afterMs: 3_000 }],
  ['it is slow', { kind: 'slowAppend', afterMs: 8_000 }],
]

/** Whether a command may rightly fail by it; by all others it is only late. */
export const mayFail = (fault: Fault): boolean => fault.kind === 'refused' && fault.because !== 'unreachable'
