import type { ServerDuplexStream, sendUnaryData, UntypedServiceImplementation } from '@grpc/grpc-js'
import { AnswerStream } from '../answer-stream.ts'
import { readFilter } from '../event-filter.ts'
import { type RpcError, thrownByHandler, unknownResult } from '../rpc-error.ts'
import type { ServerContext, UnaryCall } from '../server-context.ts'
import { persistent, type shared, streams } from '../stubs.ts'
import { readUuid, recordedEvent, streamName, type UuidForm } from '../wire.ts'
import { Consumer, type Message } from './consumer.ts'
import { type NackAction, PersistentGroup } from './group.ts'
import { groupInfo } from './group-info.ts'
import { type GroupSettings, readSettings, startOf } from './group-settings.ts'
import { groupDoesNotExist, groupExists, groupFailed, maximumSubscribersReached } from './persistent-error.ts'

/** The groups of one server, in the order of their making. */
export type Groups = Map<string, PersistentGroup>

type ReadCall = ServerDuplexStream<persistent.ReadReq, persistent.ReadResp>
type Found<Value> = { readonly value: Value } | { readonly error: RpcError }

interface NamesGroup {
  getStreamIdentifier(): shared.StreamIdentifier | undefined
  getGroupName(): string
}

const keyOf = (stream: string, group: string): string => `${stream}::${group}`

/** No stream is named: the whole log is meant. */
function sourceOf(options: Pick<NamesGroup, 'getStreamIdentifier'>): string {
  const identifier = options.getStreamIdentifier()
  return identifier === undefined ? '$all' : streamName(identifier)
}

function find(groups: Groups, options: NamesGroup | undefined): Found<PersistentGroup> {
  if (options === undefined) return { error: thrownByHandler() }
  const stream = sourceOf(options)
  const group = groups.get(keyOf(stream, options.getGroupName()))
  if (group === undefined) return { error: groupDoesNotExist(stream, options.getGroupName()) }
  return { value: group }
}

type SettingsOptions = persistent.CreateReq.Options | persistent.UpdateReq.Options

function settingsOf(options: SettingsOptions, stream: string): Found<GroupSettings> {
  const settings = options.getSettings()
  if (settings === undefined) return { error: thrownByHandler() }
  if (settings.getReadBatchSize() >= settings.getHistoryBufferSize()) {
    const reason =
      "Specified argument was out of the range of valid values. (Parameter 'ReadBatchSize may not be greater than or equal to BufferSize')"
    return { error: groupFailed(stream, options.getGroupName(), reason) }
  }
  const all = options.getAll()
  if (all === undefined) return { value: readSettings(settings, startOf(settings), undefined) }
  const startFrom = all.hasEnd() ? 'end' : 0
  const asked = 'getFilter' in all ? all.getFilter() : undefined
  if (asked === undefined) return { value: readSettings(settings, startFrom, undefined) }
  // Both services say a filter in the same words.
  const filter = readFilter(streams.ReadReq.Options.FilterOptions.deserializeBinary(asked.serializeBinary()))
  if ('code' in filter) return { error: filter }
  return { value: readSettings(settings, startFrom, filter) }
}

function create(
  server: ServerContext,
  groups: Groups,
  options: persistent.CreateReq.Options,
): RpcError | undefined {
  const stream = sourceOf(options)
  if (stream === '$all' && !options.hasAll()) {
    return unknownResult(
      'Envelope callback expected either CreatePersistentSubscriptionToAllCompleted or NotHandled, received CreatePersistentSubscriptionToStreamCompleted instead',
    )
  }
  const name = options.getGroupName()
  if (groups.has(keyOf(stream, name))) return groupExists(stream, name)
  const settings = settingsOf(options, stream)
  if ('error' in settings) return settings.error
  groups.set(keyOf(stream, name), new PersistentGroup(server, stream, name, settings.value))
  return undefined
}

/** All groups, those of one stream together. */
function byStream(groups: Groups): readonly PersistentGroup[] {
  const all = [...groups.values()]
  const names = new Set(all.map(({ stream }) => stream))
  return [...names].flatMap((name) => all.filter(({ stream }) => stream === name))
}

const nackActions: readonly NackAction[] = ['retry', 'park', 'retry', 'skip', 'skip']

function eventAnswer({ resolved, record, retryCount }: Message, form: UuidForm): persistent.ReadResp {
  const asEvent = (found: typeof record): persistent.ReadResp.ReadEvent.RecordedEvent =>
    persistent.ReadResp.ReadEvent.RecordedEvent.deserializeBinary(
      recordedEvent(found, form).serializeBinary(),
    )
  const event = new persistent.ReadResp.ReadEvent()
  if (resolved.event !== undefined) event.setEvent(asEvent(resolved.event))
  if (resolved.link !== undefined) event.setLink(asEvent(resolved.link))
  return new persistent.ReadResp().setEvent(
    event.setCommitPosition(String(record.position)).setRetryCount(retryCount),
  )
}

/** One subscriber: its first message names the group, the others answer what it got. */
function read(server: ServerContext, groups: Groups, call: ReadCall): void {
  const answers = new AnswerStream(call, server.runtime.clock)
  let joined: { readonly group: PersistentGroup; readonly consumer: Consumer } | undefined
  const join = (options: persistent.ReadReq.Options): void => {
    const found = find(groups, options)
    if ('error' in found) {
      answers.fail(found.error)
      return
    }
    const group = found.value
    const { maxSubscriberCount } = group.settings
    if (maxSubscriberCount > 0 && group.consumers.length >= maxSubscriberCount) {
      answers.fail(maximumSubscribersReached(group.stream, group.name))
      return
    }
    const confirmation = new persistent.ReadResp.SubscriptionConfirmation()
    answers.write(
      new persistent.ReadResp().setSubscriptionConfirmation(
        confirmation.setSubscriptionId(keyOf(group.stream, group.name)),
      ),
    )
    const form: UuidForm = options.getUuidOption()?.hasStructured() ? 'structured' : 'text'
    const consumer = new Consumer(
      String(call.metadata.get('connection-name')[0] ?? ''),
      options.getBufferSize(),
      (message) => void answers.write(eventAnswer(message, form)),
      (error) => answers.fail(error),
    )
    joined = { group, consumer }
    group.join(consumer)
  }
  call.on('data', (request: persistent.ReadReq) => {
    const options = request.getOptions()
    const ack = request.getAck()
    const nack = request.getNack()
    if (options !== undefined) join(options)
    else if (ack !== undefined) joined?.group.ack(joined.consumer, ack.getIdsList().map(readUuid))
    else if (nack !== undefined) {
      const action = nackActions[nack.getAction()] ?? 'retry'
      joined?.group.nack(joined.consumer, nack.getIdsList().map(readUuid), action, nack.getReason())
    }
  })
  const leave = (): void => joined?.group.leave(joined.consumer)
  // Who sends no answers any more has left; the call itself is the client's to end.
  call.on('end', leave)
  answers.onOver(leave)
  server.track('subscribe', (error) => answers.fail(error), answers)
}

/** PersistentSubscriptions, as far as it was recorded. The adapter does without; applications beside it need not. */
export function persistentService(server: ServerContext, groups: Groups): UntypedServiceImplementation {
  return {
    read: (call: ReadCall) => read(server, groups, call),
    create: (
      call: UnaryCall<persistent.CreateReq, persistent.CreateResp>,
      answer: sendUnaryData<persistent.CreateResp>,
    ) => {
      const options = call.request.getOptions()
      const error = options === undefined ? thrownByHandler() : create(server, groups, options)
      if (error === undefined) answer(null, new persistent.CreateResp())
      else answer(error)
    },
    update: (
      call: UnaryCall<persistent.UpdateReq, persistent.UpdateResp>,
      answer: sendUnaryData<persistent.UpdateResp>,
    ) => {
      const options = call.request.getOptions()
      const found = find(groups, options)
      const settings = 'error' in found ? found : settingsOf(options!, found.value.stream)
      if ('error' in found) answer(found.error)
      else if ('error' in settings) answer(settings.error)
      else {
        found.value.update(settings.value as GroupSettings)
        answer(null, new persistent.UpdateResp())
      }
    },
    delete: (
      call: UnaryCall<persistent.DeleteReq, persistent.DeleteResp>,
      answer: sendUnaryData<persistent.DeleteResp>,
    ) => {
      const found = find(groups, call.request.getOptions())
      if ('error' in found) {
        answer(found.error)
        return
      }
      groups.delete(keyOf(found.value.stream, found.value.name))
      found.value.end()
      answer(null, new persistent.DeleteResp())
    },
    getInfo: (
      call: UnaryCall<persistent.GetInfoReq, persistent.GetInfoResp>,
      answer: sendUnaryData<persistent.GetInfoResp>,
    ) => {
      const found = find(groups, call.request.getOptions())
      if ('error' in found) answer(found.error)
      else answer(null, new persistent.GetInfoResp().setSubscriptionInfo(groupInfo(found.value)))
    },
    list: (
      call: UnaryCall<persistent.ListReq, persistent.ListResp>,
      answer: sendUnaryData<persistent.ListResp>,
    ) => {
      const forStream = call.request.getOptions()?.getListForStream()
      const identifier = forStream?.getStream()
      const wanted = identifier === undefined ? '$all' : streamName(identifier)
      const found = byStream(groups).filter(({ stream }) => forStream === undefined || stream === wanted)
      if (forStream !== undefined && found.length === 0) answer(groupDoesNotExist(wanted, ''))
      else answer(null, new persistent.ListResp().setSubscriptionsList(found.map(groupInfo)))
    },
    replayParked: (
      call: UnaryCall<persistent.ReplayParkedReq, persistent.ReplayParkedResp>,
      answer: sendUnaryData<persistent.ReplayParkedResp>,
    ) => {
      const found = find(groups, call.request.getOptions())
      if ('error' in found) {
        answer(found.error)
        return
      }
      answer(null, new persistent.ReplayParkedResp())
      found.value.replayParked()
    },
    restartSubsystem: (_call: unknown, answer: sendUnaryData<shared.Empty>) => answer(thrownByHandler()),
  }
}
