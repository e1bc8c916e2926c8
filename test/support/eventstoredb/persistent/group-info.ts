import { persistent } from '../stubs.ts'
import type { PersistentGroup } from './group.ts'

/** What the server tells of a group. */
export function groupInfo(group: PersistentGroup): persistent.SubscriptionInfo {
  const { settings, statistics, consumers } = group
  const inFlight = consumers.reduce((sum, consumer) => sum + consumer.inFlight, 0)
  const connections = consumers.map((consumer) =>
    new persistent.SubscriptionInfo.ConnectionInfo()
      .setUsername('system')
      .setTotalItems(String(consumer.total))
      .setCountSinceLastMeasurement(String(consumer.total))
      .setAvailableSlots(consumer.slots)
      .setInFlightMessages(consumer.inFlight)
      .setConnectionName(consumer.connectionName),
  )
  return new persistent.SubscriptionInfo()
    .setEventSource(group.stream)
    .setGroupName(group.name)
    .setStatus('Live')
    .setConnectionsList(connections)
    .setTotalItems(String(statistics.total))
    .setCountSinceLastMeasurement(String(statistics.total))
    .setLastCheckpointedEventPosition(statistics.checkpoint)
    .setLastKnownEventPosition(statistics.lastKnown)
    .setResolveLinkTos(settings.links === 'followed')
    .setStartFrom(settings.startFrom === 'end' ? '-1' : String(settings.startFrom))
    .setMessageTimeoutMilliseconds(settings.messageTimeoutMs)
    .setExtraStatistics(settings.extraStatistics)
    .setMaxRetryCount(settings.maxRetryCount)
    .setLiveBufferSize(settings.liveBufferSize)
    .setBufferSize(settings.historyBufferSize)
    .setReadBatchSize(settings.readBatchSize)
    .setCheckPointAfterMilliseconds(settings.checkpointAfterMs)
    .setMinCheckPointCount(settings.minCheckpointCount)
    .setMaxCheckPointCount(settings.maxCheckpointCount)
    .setReadBufferCount(statistics.waiting)
    .setLiveBufferCount('0')
    .setRetryBufferCount(statistics.retries)
    .setTotalInFlightMessages(inFlight)
    .setOutstandingMessagesCount(inFlight)
    .setNamedConsumerStrategy(settings.strategy)
    .setMaxSubscriberCount(settings.maxSubscriberCount)
    .setParkedMessageCount(String(statistics.parked))
}
