import type { EventFilter } from '../event-filter.ts'
import type { persistent } from '../stubs.ts'

export type ConsumerStrategy = 'DispatchToSingle' | 'RoundRobin' | 'Pinned'

/** How a group of persistent subscribers was asked to work. */
export interface GroupSettings {
  readonly startFrom: number | 'end'
  readonly filter: EventFilter | undefined
  readonly links: 'followed' | 'shown'
  readonly strategy: ConsumerStrategy
  readonly maxRetryCount: number
  readonly maxSubscriberCount: number
  readonly messageTimeoutMs: number
  readonly checkpointAfterMs: number
  readonly minCheckpointCount: number
  readonly maxCheckpointCount: number
  readonly liveBufferSize: number
  readonly historyBufferSize: number
  readonly readBatchSize: number
  readonly extraStatistics: boolean
}

const strategies: readonly ConsumerStrategy[] = ['DispatchToSingle', 'RoundRobin', 'Pinned']
const fromEnd = '18446744073709551615'

type Settings = persistent.CreateReq.Settings | persistent.UpdateReq.Settings

export function readSettings(
  settings: Settings,
  startFrom: GroupSettings['startFrom'],
  filter: EventFilter | undefined,
): GroupSettings {
  return {
    startFrom,
    filter,
    links: settings.getResolveLinks() ? 'followed' : 'shown',
    strategy: strategies[settings.getNamedConsumerStrategy()] ?? 'RoundRobin',
    maxRetryCount: settings.getMaxRetryCount(),
    maxSubscriberCount: settings.getMaxSubscriberCount(),
    messageTimeoutMs: settings.getMessageTimeoutMs(),
    checkpointAfterMs: settings.getCheckpointAfterMs(),
    minCheckpointCount: settings.getMinCheckpointCount(),
    maxCheckpointCount: settings.getMaxCheckpointCount(),
    liveBufferSize: settings.getLiveBufferSize(),
    historyBufferSize: settings.getHistoryBufferSize(),
    readBatchSize: settings.getReadBatchSize(),
    extraStatistics: settings.getExtraStatistics(),
  }
}

/** The revision that the settings of a group of one stream begin at. */
export function startOf(settings: Settings): GroupSettings['startFrom'] {
  const revision = settings.getRevision()
  return revision === fromEnd ? 'end' : Number(revision)
}
