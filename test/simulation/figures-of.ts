import { mayHaveEffect } from './checks/log-checks.ts'
import type { Figures } from './figures.ts'
import type { World } from './world.ts'

/** What the schedule of a world was made of. */
export function figuresOf({ plan, clients, store, tape, kills, stops }: World): Figures {
  const outcomes = clients.asks.flatMap(({ result }) => (result?.kind === 'outcome' ? [result.outcome] : []))
  const accepted = outcomes.filter(({ status }) => status === 'accepted')
  const others = clients.asks.filter(({ result }) => result !== undefined && result.kind !== 'outcome')
  return {
    schedules: 1,
    nodes: plan.nodes,
    aggregates: plan.streams,
    steps: plan.steps.length,
    commands: clients.wishes,
    asks: clients.asks.length,
    accepted: accepted.length,
    duplicates: accepted.filter((outcome) => outcome.status === 'accepted' && outcome.duplicate).length,
    rejected: outcomes.length - accepted.length,
    failed: others.length,
    unknown: others.filter(mayHaveEffect).length,
    events: store.writes.reduce((sum, { append, revision }) => sum + revision - append.expectedRevision, 0),
    faults: tape.recorded.length,
    kills,
    stops,
  }
}
