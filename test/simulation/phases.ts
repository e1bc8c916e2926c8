import type { InspectionEvent } from '../../src/inspection.ts'

/** Where an aggregate stood, as its inspection events tell. */
export type PhaseSeen = 'absent' | 'recovering' | 'running' | 'in flight' | 'unsettled' | 'quarantined'

/** Follows the phases of all aggregates, so that a report can say in which of them each fault struck. */
export class Phases {
  readonly #phases = new Map<string, PhaseSeen>()

  of(system: string, stream: string | undefined): PhaseSeen {
    return this.#phases.get(`${system} ${stream}`) ?? 'absent'
  }

  observe(system: string, event: InspectionEvent): void {
    const phase = event.kind === 'appendSent' && event.send > 1 ? 'unsettled' : phaseAfter(event.kind)
    const key = `${system} ${event.aggregate}-${event.id}`
    if (phase === 'absent') this.#phases.delete(key)
    else if (phase !== undefined) this.#phases.set(key, phase)
    else if (!this.#phases.has(key)) this.#phases.set(key, 'recovering')
  }
}

function phaseAfter(kind: InspectionEvent['kind']): PhaseSeen | undefined {
  switch (kind) {
    case 'recovered':
    case 'appendWritten':
    case 'appendRefused':
      return 'running'
    case 'appendSent':
      return 'in flight'
    case 'appendUnsettled':
      return 'unsettled'
    case 'conflict':
    case 'restarting':
    case 'released':
      return 'recovering'
    case 'quarantined':
      return 'quarantined'
    case 'passivated':
      return 'absent'
    default:
      return undefined
  }
}
