import type { InspectionEvent } from '../../src/inspection.ts'
import type { Ask, AskResult } from './history.ts'
import { type PhaseSeen, Phases } from './phases.ts'
import type { Trouble } from './troubles.ts'

/** One strike of a trouble, for the report on coverage. */
export interface Strike {
  readonly kind: Trouble
  readonly stream: string | undefined
  readonly phase: PhaseSeen
}

/** Notes what befalls the aggregates of a world, and in which phase it finds them. */
export class Strikes {
  readonly all: Strike[] = []
  readonly #phases = new Phases()
  readonly #streams: readonly string[]
  /** The systems that run, by their ids. */
  readonly #systems: () => readonly string[]

  constructor(streams: readonly string[], systems: () => readonly string[]) {
    this.#streams = streams
    this.#systems = systems
  }

  /** One aggregate of a system, or what concerns no aggregate in particular. */
  add(kind: Trouble, system: string, stream: string | undefined): void {
    this.all.push({ kind, stream, phase: this.#phases.of(system, stream) })
  }

  /** All aggregates of a system. */
  addToSystem(kind: Trouble, system: string): void {
    for (const stream of this.#streams) this.add(kind, system, stream)
  }

  /** One aggregate, or all, in every system. */
  addEverywhere(kind: Trouble, stream?: string): void {
    for (const system of this.#systems()) {
      if (stream === undefined) this.addToSystem(kind, system)
      else this.add(kind, system, stream)
    }
  }

  /** What an answer tells of. */
  answered({ system, stream, command }: Ask, result: AskResult): void {
    if (result.kind === 'outcome') {
      if (command.type.startsWith('Slow')) this.add('slowMachine', system, stream)
      return
    }
    const kind = result.kind === 'error' ? troubleOfError[result.error.tag ?? result.error.name] : undefined
    if (kind !== undefined) this.add(kind, system, stream)
  }

  observe(system: string, event: InspectionEvent): void {
    this.#phases.observe(system, event)
    if (event.kind !== 'commandReceived') return
    const stream = `${event.aggregate}-${event.id}`
    const isShared = this.#systems().some(
      (other) => other !== system && this.#phases.of(other, stream) !== 'absent',
    )
    if (isShared) this.add('twoOwners', system, stream)
  }
}

const troubleOfError: Readonly<Record<string, Trouble>> = {
  MailboxFull: 'mailboxFull',
  CommandTimeout: 'timeout',
  CallerGone: 'callerGone',
  MachineFault: 'throwingMachine',
  CommandIdReused: 'idReused',
}
