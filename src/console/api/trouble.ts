import type { LiveAggregate } from '../../../actors/insight.ts'
import { StoredEventMisfit } from '../../errors.ts'
import { streamOf } from '../../event/stream-name.ts'
import { eventAt } from '../../store/single-event.ts'
import { shownEvent } from '../shown-event.ts'
import type { Quarantined, ShownEvent, Trouble } from '../wire.ts'
import type { ApiContext } from './context.ts'

const mostQuarantined = 50

/** What is out of service and why, and what went wrong lately. */
export async function trouble({ insight, trouble }: ApiContext): Promise<Trouble> {
  const found: LiveAggregate[] = []
  insight.forEachLive((live) => {
    if (live.phase === 'quarantined' && found.length < mostQuarantined) found.push(live)
  })
  const quarantined = await Promise.all(found.map((live) => quarantinedOf(insight, live)))
  return { quarantined, entries: trouble.entries(), counts: trouble.counts }
}

async function quarantinedOf(insight: ApiContext['insight'], live: LiveAggregate): Promise<Quarantined> {
  const { aggregate, id, quarantine } = live
  const reason = quarantine?.reason ?? ''
  const message = quarantine?.message ?? ''
  return { aggregate, id, reason, message, event: await blamed(insight, live) }
}

/** The stored event that does not fit, if that is the reason and the store answers. */
async function blamed(
  insight: ApiContext['insight'],
  { aggregate, id, quarantine }: LiveAggregate,
): Promise<ShownEvent | null> {
  const cause = quarantine?.cause
  if (!(cause instanceof StoredEventMisfit)) return null
  try {
    const event = await eventAt(insight.events, streamOf(aggregate, id), cause.revision)
    return event === undefined ? null : shownEvent(event)
  } catch {
    return null
  }
}
