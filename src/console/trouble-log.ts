import { ConflictRetriesExhausted } from '../errors.ts'
import type { InspectionEvent, InspectionScope, Inspector } from '../inspection.ts'
import type { TroubleEntry } from './wire.ts'

const keptOfKind = 50

type Kind = TroubleEntry['kind']

/** Remembers what went wrong since it was made, also while nobody looks: the newest of each kind, and how often. */
export class TroubleLog {
  readonly #entries = new Map<Kind, TroubleEntry[]>()
  readonly #counts: Record<Kind, number> = {
    conflict: 0,
    exhausted: 0,
    failed: 0,
    refused: 0,
    unsettled: 0,
    quarantined: 0,
    released: 0,
  }

  constructor(system: { inspect(inspector: Inspector, scope: InspectionScope): () => void }) {
    system.inspect((event) => this.#note(event), 'trouble')
  }

  get counts(): Readonly<Record<Kind, number>> {
    return this.#counts
  }

  /** Newest first. */
  entries(): readonly TroubleEntry[] {
    return [...this.#entries.values()].flat().sort((one, other) => other.at - one.at)
  }

  #note(event: InspectionEvent): void {
    const noted = notedOf(event)
    if (noted === undefined) return
    const { at, aggregate, id } = event
    this.#counts[noted.kind]++
    const entries = this.#entries.get(noted.kind) ?? []
    entries.push({ at, aggregate, id, ...noted })
    // Each kind has room of its own: a storm of conflicts must not push the one quarantine out.
    if (entries.length > keptOfKind) entries.shift()
    this.#entries.set(noted.kind, entries)
  }
}

function notedOf(event: InspectionEvent): Pick<TroubleEntry, 'kind' | 'what'> | undefined {
  switch (event.kind) {
    case 'conflict':
      return {
        kind: 'conflict',
        what: `Another writer won revision ${event.revision}; ${counted(event.commands, 'command')} decided again.`,
      }
    case 'commandFailed':
      return {
        kind: event.error instanceof ConflictRetriesExhausted ? 'exhausted' : 'failed',
        what: event.error.message,
      }
    case 'appendRefused':
      return {
        kind: 'refused',
        what: `The store refused an append after revision ${event.expectedRevision}: ${event.error.message}`,
      }
    case 'appendUnsettled':
      return {
        kind: 'unsettled',
        what: `Whether the append after revision ${event.expectedRevision} is stored was not known: ${event.cause}`,
      }
    case 'quarantined':
      return { kind: 'quarantined', what: event.error.message }
    case 'released':
      return { kind: 'released', what: 'Released from quarantine.' }
    default:
      return undefined
  }
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`
}
