import type { QuarantineReason } from './errors.ts'
import type { Message } from './machine/message.ts'
import type { Outcome } from './outcome.ts'

interface At {
  /** Milliseconds since 1970, by the clock of the runtime. */
  readonly at: number
  readonly aggregate: string
  readonly id: string
}

/** Everything that happens in a system, as one union told apart by `kind`. `system.inspect` delivers it. */
export type InspectionEvent =
  /** A command entered a mailbox. `depth`: how many stand in it now. */
  | (At & {
      readonly kind: 'commandReceived'
      readonly commandId: string
      readonly command: Message
      readonly depth: number
    })
  /** It was decided, on speculation until `commandAnswered`; a conflict decides it again. */
  | (At & {
      readonly kind: 'commandDecided'
      readonly commandId: string
      readonly revision: number
      readonly events: readonly Message[]
    })
  /** Its caller has the outcome, `elapsedMs` after it was asked. */
  | (At & {
      readonly kind: 'commandAnswered'
      readonly commandId: string
      readonly outcome: Outcome
      readonly elapsedMs: number
    })
  /** It ended in a thrown error; of a `tell` this and the log are the only witnesses. */
  | (At & {
      readonly kind: 'commandFailed'
      readonly commandId: string
      readonly error: Error
      readonly elapsedMs: number
    })
  | (At & {
      readonly kind: 'appendSent'
      readonly expectedRevision: number
      readonly commands: number
      readonly events: number
      readonly send: number
    })
  | (At & { readonly kind: 'appendWritten'; readonly revision: number; readonly events: number })
  /** The store's answer was lost, or a conflict is not proven: the slot is watched until it is filled. */
  | (At & { readonly kind: 'appendUnsettled'; readonly expectedRevision: number; readonly cause: string })
  | (At & { readonly kind: 'appendRefused'; readonly expectedRevision: number; readonly error: Error })
  /** Another writer filled the slot; the aggregate restarts and decides `commands` commands again. */
  | (At & { readonly kind: 'conflict'; readonly revision: number; readonly commands: number })
  | (At & { readonly kind: 'restarting'; readonly cause: string })
  /** The aggregate stands at `revision` after reading `events` events, from a snapshot or from the start. */
  | (At & {
      readonly kind: 'recovered'
      readonly revision: number
      readonly events: number
      readonly snapshotRevision: number
    })
  /** Events of another writer were applied. */
  | (At & { readonly kind: 'refreshed'; readonly revision: number; readonly events: number })
  | (At & { readonly kind: 'snapshotSaved'; readonly revision: number })
  | (At & { readonly kind: 'passivated'; readonly revision: number })
  | (At & { readonly kind: 'quarantined'; readonly reason: QuarantineReason; readonly error: Error })
  | (At & { readonly kind: 'released' })

/** Gets each event as it happens, in the turn in which it happens: be quick, or take it elsewhere. */
export type Inspector = (event: InspectionEvent) => void

/** What goes wrong: as rare as trouble is, and listening to it alone costs a command that goes well nothing. */
export type TroubleEvent = Extract<
  InspectionEvent,
  {
    readonly kind:
      | 'commandFailed'
      | 'appendUnsettled'
      | 'appendRefused'
      | 'conflict'
      | 'restarting'
      | 'quarantined'
      | 'released'
  }
>

/** The steps of a command on its way. */
export type StepEvent = Extract<InspectionEvent, { readonly kind: 'commandReceived' | 'commandDecided' }>

/**
 * - `everything`: every step of every command.
 * - `results`: all but the steps of {@link StepEvent}: for whoever counts and measures, at a fraction of the cost.
 * - `trouble`: the kinds of {@link TroubleEvent} only.
 */
export type InspectionScope = 'everything' | 'results' | 'trouble'

interface Listening {
  readonly inspector: Inspector
  readonly scope: InspectionScope
}

/**
 * Where the runtime reports what happens. Ask `active` (before a step `activeForSteps`, before an event of trouble
 * `activeForTrouble`) before an event is made: with nobody listening it costs one read of a property.
 */
export class Inspection {
  #inspectors: readonly Listening[] = []
  readonly #onThrow: (error: unknown) => void
  active = false
  activeForSteps = false
  activeForTrouble = false

  /** @param onThrow an inspector threw; the others and the runtime go on. */
  constructor(onThrow: (error: unknown) => void) {
    this.#onThrow = onThrow
  }

  /** @returns ends it. */
  add(inspector: Inspector, scope: InspectionScope = 'everything'): () => void {
    const added = { inspector, scope }
    this.#listen([...this.#inspectors, added])
    return () => this.#listen(this.#inspectors.filter((other) => other !== added))
  }

  #listen(inspectors: readonly Listening[]): void {
    this.#inspectors = inspectors
    this.active = inspectors.some(({ scope }) => scope !== 'trouble')
    this.activeForSteps = inspectors.some(({ scope }) => scope === 'everything')
    this.activeForTrouble = inspectors.length > 0
  }

  emit(event: Exclude<InspectionEvent, TroubleEvent | StepEvent>): void {
    for (const { inspector, scope } of this.#inspectors) {
      if (scope !== 'trouble') this.#deliver(inspector, event)
    }
  }

  emitStep(event: StepEvent): void {
    for (const { inspector, scope } of this.#inspectors) {
      if (scope === 'everything') this.#deliver(inspector, event)
    }
  }

  emitTrouble(event: TroubleEvent): void {
    for (const { inspector } of this.#inspectors) this.#deliver(inspector, event)
  }

  #deliver(inspector: Inspector, event: InspectionEvent): void {
    try {
      inspector(event)
    } catch (error) {
      this.#onThrow(error)
    }
  }
}
