import { position } from '../../event/position.ts'
import { NewEvents } from '../live/log-news.ts'
import { samples } from '../live/samples.ts'
import { snapshots } from '../live/snapshots.ts'
import type { Source } from '../live/source.ts'
import { aggregateNow } from './aggregate.ts'
import { aggregates } from './aggregates.ts'
import { type ApiContext, type Asked, addressed, NotAnswered, wholeNumber } from './context.ts'
import { logFilter } from './log.ts'
import { trouble } from './trouble.ts'

/** Beats are a quarter of a second. */
const eachBeat = 1
const eachSecond = 4

/** What a page wants to be told live: always the samples, and what it shows beside them. */
export function liveSources(context: ApiContext, asked: Asked): readonly Source[] {
  const since = wholeNumber(asked, 'since', 0, 0)
  const shown = shownSource(context, asked)
  return [...(shown === undefined ? [] : [shown]), samples(context.meter, since)]
}

function shownSource(context: ApiContext, asked: Asked): Source | undefined {
  const { parameters } = asked
  const page = parameters.get('page')
  switch (page) {
    case 'overview':
      return undefined
    case 'aggregates':
      return snapshots('aggregates', eachSecond, () => aggregates(context, asked))
    case 'aggregate':
      addressed(context, asked)
      return snapshots('aggregate', eachBeat, () => aggregateNow(context, asked))
    case 'log': {
      const given = parameters.get('after') ?? 'end'
      const after = given === 'start' || given === 'end' ? given : position(wholeNumber(asked, 'after', 0))
      return new NewEvents(context.insight.events, logFilter(parameters), after)
    }
    case 'trouble':
      return snapshots('trouble', eachSecond, () => trouble(context))
    default:
      throw new NotAnswered(400, `There is nothing live about '${page}'.`)
  }
}
