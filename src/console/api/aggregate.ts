import { streamOf } from '../../event/stream-name.ts'
import { lastEventOf } from '../../store/single-event.ts'
import { changesOf } from '../changes.ts'
import { shownEvent } from '../shown-event.ts'
import { shownState } from '../shown-state.ts'
import type { AggregateNow, Step } from '../wire.ts'
import { type ApiContext, type Asked, addressed, NotAnswered, wholeNumber } from './context.ts'

const mostChanges = 200

/** An aggregate as it stands: of memory where it is live, else of the store. */
export async function aggregateNow(context: ApiContext, asked: Asked): Promise<AggregateNow> {
  const { definition, id } = addressed(context, asked)
  const { insight } = context
  const live = insight.live(definition.name, id)
  const revision =
    live?.revision ?? (await lastEventOf(insight.events, streamOf(definition.name, id)))?.revision ?? -1
  const { phase = null, depth = 0, quarantine } = live ?? {}
  return {
    aggregate: definition.name,
    id,
    phase,
    depth,
    revision,
    quarantine: quarantine === undefined ? null : { reason: quarantine.reason, message: quarantine.message },
  }
}

/** The state at a revision, and what its event changed. */
export async function step(context: ApiContext, asked: Asked): Promise<Step> {
  const { definition, id } = addressed(context, asked)
  const { system, charts } = context
  const graph = charts.graph(definition)
  const revision = wholeNumber(asked, 'revision', -1)
  if (revision === -1) {
    const after = shownState(await system.at(definition, id, { revision }), -1, graph)
    return { revision, event: null, before: null, after, changes: [], moreChanges: 0 }
  }
  for await (const { event, before, after } of system.history(definition, id, { from: revision, limit: 1 })) {
    const [old, fresh] = [before, after].map((state) => shownState(state, state.revision, graph))
    if (old === undefined || fresh === undefined) break
    const changes = changesOf(old.context, fresh.context)
    return {
      revision,
      event: shownEvent(event, 'whole'),
      before: old,
      after: fresh,
      changes: changes.slice(0, mostChanges),
      moreChanges: Math.max(0, changes.length - mostChanges),
    }
  }
  throw new NotAnswered(404, `There is no event at revision ${revision}.`)
}
