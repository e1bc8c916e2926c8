import type { createInspector } from '@statelyai/inspect'
import type { AggregateReference } from '../../actors/reference.ts'
import type { Aggregate } from '../aggregate/aggregate-type.ts'
import { streamOf } from '../event/stream-name.ts'
import type { Message } from '../machine/message.ts'
import type { Sanitize } from './sanitize.ts'

type StatelyInspector = ReturnType<typeof createInspector>
type Snapshot = NonNullable<Parameters<StatelyInspector['snapshot']>[1]>

/** One aggregate as Stately's page shows it: an actor with its machine, what it was asked, and what came of it. */
export class ShownAggregate {
  readonly #definition: Aggregate
  readonly #reference: AggregateReference
  readonly #inspector: StatelyInspector
  readonly #sanitize: Sanitize
  readonly #actor: Parameters<StatelyInspector['actor']>[0]
  readonly #session: string
  /** Everything is shown in the order in which it happened. */
  #shown: Promise<void>
  #waiting = 0
  #last: Snapshot = { status: 'active' }

  constructor(
    definition: Aggregate,
    reference: AggregateReference,
    inspector: StatelyInspector,
    sanitize: Sanitize,
  ) {
    this.#definition = definition
    this.#reference = reference
    this.#inspector = inspector
    this.#sanitize = sanitize
    this.#session = streamOf(definition.name, reference.id)
    // What `@statelyai/inspect` reads of an actor; of a plain name it would not know the machine.
    const { machine } = definition
    this.#actor = { sessionId: this.#session, id: this.#session, logic: machine } as never
    this.#shown = this.#look().then(() => this.announce())
  }

  /** Says which machine it is, and its state as last seen. */
  announce(): void {
    this.#inspector.actor(this.#actor, this.#last)
  }

  /** A command and what came of it: domain events, or why there are none. */
  show(command: Message | undefined, results: readonly Message[]): void {
    this.#waiting++
    this.#shown = this.#shown.then(async () => {
      if (command !== undefined) {
        this.#inspector.event(this.#actor, this.#sanitize('command', this.#definition.name, command))
      }
      const events = results.map((event) => this.#sanitize('event', this.#definition.name, event))
      for (const event of events) {
        this.#inspector.event(this.#actor, event, { source: this.#session })
      }
      // Many at once are seen as one step: each look shows the newest durable state.
      if (--this.#waiting > 0) return
      await this.#look()
      this.#inspector.snapshot(this.#actor, this.#last, { event: events.at(-1) ?? { type: '' } })
    })
  }

  /** Resolves when everything that happened so far is shown. */
  settled(): Promise<void> {
    return this.#shown
  }

  async #look(): Promise<void> {
    try {
      const { value, context, status, revision } = await this.#reference.state()
      const shown = this.#sanitize('context', this.#definition.name, context)
      this.#last = { status, value, context: shown, revision } as Snapshot
    } catch (error) {
      // In quarantine, or the system is stopping: Stately shows that too.
      const reason = error instanceof Error ? error.message : String(error)
      this.#last = { ...this.#last, status: 'error', error: reason } as Snapshot
    }
  }
}
