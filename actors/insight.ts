import type { Aggregate } from '../src/aggregate/aggregate-type.ts'
import type { AggregateQuarantined } from '../src/errors.ts'
import { streamOf } from '../src/event/stream-name.ts'
import type { StateView } from '../src/machine/kernel.ts'
import type { Runtime } from '../src/runtime.ts'
import type { EventStore } from '../src/store/event-store.ts'
import type { AggregateActor, Phase } from './aggregate/aggregate-actor.ts'
import type { LiveAggregates } from './registry.ts'

/** The key of what tools of the house may see of a running system. Not part of the public face. */
export const insight: unique symbol = Symbol('reenact.insight')

/** A live aggregate as it stands just now. Read at once: it changes with the next turn. */
export interface LiveAggregate {
  readonly aggregate: string
  readonly id: string
  readonly phase: Phase
  /** Commands in its mailbox. */
  readonly depth: number
  /** Of the durable state; `undefined` while there is none. */
  readonly revision: number | undefined
  readonly quarantine: AggregateQuarantined | undefined
  /** The durable state; made for the caller. */
  view(): StateView | undefined
}

/** A running system seen from inside: nothing here changes anything, and nothing here can write. */
export interface Insight {
  /** For people: which store. */
  readonly store: string
  readonly runtime: Runtime
  readonly definitions: readonly Aggregate[]
  readonly events: Pick<EventStore, 'readStream' | 'readAll' | 'subscribe'>
  /** The system is stopping or has stopped. */
  readonly stopped: () => boolean
  /** Visits the live aggregates, in the order in which they came. */
  readonly forEachLive: (visit: (live: LiveAggregate) => void) => void
  readonly live: (aggregate: string, id: string) => LiveAggregate | undefined
}

export interface InsightParts extends Pick<Insight, 'runtime' | 'definitions' | 'stopped'> {
  readonly description: string
  readonly store: EventStore
  readonly registry: LiveAggregates
}

export function insightOf({ description, store, registry, ...parts }: InsightParts): Insight {
  return {
    ...parts,
    store: description,
    events: {
      readStream: (stream, options) => store.readStream(stream, options),
      readAll: (options) => store.readAll(options),
      subscribe: (options) => store.subscribe(options),
    },
    forEachLive: (visit) => {
      registry.forEach((actor) => {
        visit(liveOf(actor))
      })
    },
    live: (aggregate, id) => {
      const actor = registry.findStream(streamOf(aggregate, id))
      return actor === undefined ? undefined : liveOf(actor)
    },
  }
}

function liveOf(actor: AggregateActor): LiveAggregate {
  const { behaviour, id, phase, mailbox, durable, quarantine } = actor
  return {
    aggregate: behaviour.name,
    id,
    phase,
    depth: mailbox.size,
    revision: durable?.revision,
    quarantine,
    view: () => (actor.durable === undefined ? undefined : behaviour.view(actor.durable.state)),
  }
}
