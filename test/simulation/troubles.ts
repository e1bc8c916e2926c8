import { type CountedFault, faultKinds } from '../../src/testing/index.ts'

/** What befalls an aggregate beside the faults of the store, for the report on coverage. */
export const worldTroubles = [
  'kill',
  'stop',
  'cutAll',
  'clockJump',
  'foreignWrite',
  'misfit',
  'eviction',
  'twoOwners',
  'mailboxFull',
  'timeout',
  'callerGone',
  'slowMachine',
  'throwingMachine',
  'askedAgain',
  'idReused',
] as const

export type Trouble = CountedFault | (typeof worldTroubles)[number]

/** All that can be counted, in the order of the report. */
export const troubles: readonly Trouble[] = [
  ...faultKinds,
  'droppedRepeat',
  'conflictWithUncommitted',
  'outage',
  ...worldTroubles,
]

/** Trouble that strikes a whole node, whichever of its aggregates are there. */
const ofNodes: ReadonlySet<Trouble> = new Set(['kill', 'stop', 'cutAll', 'clockJump', 'eviction'])

export function strikesNodes(trouble: Trouble): boolean {
  return ofNodes.has(trouble)
}
