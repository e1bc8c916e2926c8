import type { System } from '../../actors/system.ts'
import type { Aggregate } from '../aggregate/aggregate-type.ts'
import type { InspectionEvent } from '../inspection.ts'
import type { Message } from '../machine/message.ts'
import type { Outcome } from '../outcome.ts'
import { type Runtime, systemRuntime } from '../runtime.ts'
import { type ShownKind, sanitizing } from './sanitize.ts'
import { ShownAggregate } from './shown-aggregate.ts'
import { StatelyConnection } from './stately-connection.ts'

/** Which aggregates are shown, where, and what of them. */
export interface StatelyOptions {
  /** Of `createInspectorServer` of `@statelyai/inspect/server`. Default: `ws://localhost:8080`. */
  readonly url?: string
  /** The definitions whose aggregates are shown. */
  readonly aggregates: readonly Aggregate[]
  /** Which part of their ids is shown, 0 to 1; an id is in it always or never. Default: 1, all. */
  readonly sample?: number
  /** At most so many aggregates are shown, the first to be seen. Default: 100. */
  readonly atMost?: number
  /** Takes out what must not leave the process. It gets a copy; where it throws only the type is shown. */
  readonly sanitize?: (kind: ShownKind, aggregate: string, value: unknown) => unknown
  /** The clock. Default: that of this machine. */
  readonly runtime?: Runtime
}

/** A live inspection, until it is stopped. */
export interface StatelyInspection {
  /** Tells the page again which machines there are: for a page that was opened late. */
  announce(): void
  /** Shows what happened until now, and ends. */
  stop(): Promise<void>
}

/**
 * Shows aggregates of a running system live in Stately's inspector: each with its machine, its commands and domain
 * events in order, and its durable state. It only reads; trouble on the way to the page never reaches the system.
 * Needs the package `@statelyai/inspect`.
 * @param system is watched from now on.
 * @returns the inspection; it goes on until it is stopped, whether or not a page is there.
 * @throws what Node throws where `@statelyai/inspect` is not installed.
 */
export async function inspectWithStately(
  system: System,
  options: StatelyOptions,
): Promise<StatelyInspection> {
  const { createInspector } = await import('@statelyai/inspect')
  const { clock } = options.runtime ?? systemRuntime
  const shown = new Map<string, ShownAggregate>()
  const announce = (): void => {
    for (const aggregate of shown.values()) aggregate.announce()
  }
  const connection = new StatelyConnection(options.url ?? 'ws://localhost:8080', clock, announce)
  const inspector = createInspector(connection, {
    // By its own will it would call every aggregate by the id of its machine.
    serialize: (event) => (event.type === '@xstate.actor' ? { ...event, name: event.sessionId } : event),
  })
  const definitions = new Map(options.aggregates.map((definition) => [definition.name, definition]))
  const sanitize = sanitizing(options.sanitize)
  const { sample = 1, atMost = 100 } = options

  const shownOf = ({ aggregate, id }: InspectionEvent): ShownAggregate | undefined => {
    const definition = definitions.get(aggregate)
    if (definition === undefined) return undefined
    const key = `${aggregate}-${id}`
    const known = shown.get(key)
    if (known !== undefined || shown.size >= atMost || shareOf(key) >= sample) return known
    const fresh = new ShownAggregate(definition, system.get(definition, id), inspector, sanitize)
    shown.set(key, fresh)
    return fresh
  }
  const off = system.inspect(follower(shownOf))
  connection.start()
  return {
    announce,
    stop: async () => {
      off()
      await Promise.all([...shown.values()].map((aggregate) => aggregate.settled()))
      connection.stop()
    },
  }
}

/** Shows each command when it is answered: before, a conflict may have it decided again. */
function follower(shownOf: (event: InspectionEvent) => ShownAggregate | undefined) {
  const commands = new Map<string, Message>()
  const taken = (commandId: string): Message | undefined => {
    const command = commands.get(commandId)
    commands.delete(commandId)
    return command
  }
  return (event: InspectionEvent): void => {
    switch (event.kind) {
      case 'commandReceived':
        if (shownOf(event) !== undefined) commands.set(keyOf(event), event.command)
        break
      case 'commandAnswered':
        shownOf(event)?.show(taken(keyOf(event)), resultsOf(event.outcome))
        break
      case 'commandFailed':
        shownOf(event)?.show(taken(keyOf(event)), [failure(event.error)])
        break
      case 'refreshed':
      case 'quarantined':
      case 'released':
        shownOf(event)?.show(undefined, [])
        break
      default:
    }
  }
}

/** What a command asked again had stored is not shown again. */
function resultsOf(outcome: Outcome): readonly Message[] {
  if (outcome.status === 'accepted') return outcome.duplicate ? [] : outcome.events
  const { code, message } = outcome
  return [{ type: 'reject', code, message } as Message]
}

const failure = (error: Error): Message & { readonly error: string } => ({
  type: 'failed',
  error: error.message,
})

const keyOf = (event: {
  readonly aggregate: string
  readonly id: string
  readonly commandId: string
}): string => `${event.aggregate}-${event.id} ${event.commandId}`

/** A number from 0 up to 1 for a text, the same each time (FNV-1a). */
function shareOf(text: string): number {
  let hash = 0x811c9dc5
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193)
  }
  return (hash >>> 0) / 2 ** 32
}
