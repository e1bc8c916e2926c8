import { features } from './stubs.ts'

export const serverVersion = '23.10.6'

/** The services as the server names them: what each can do, and with which features. */
const services: readonly (readonly [service: string, methods: string])[] = [
  ['event_store.client.redaction.redaction', 'geteventpositions switchchunks'],
  [
    'event_store.client.persistent_subscriptions.persistentsubscriptions',
    'create:stream,all update:stream,all delete:stream,all read:stream,all getinfo:stream,all replayparked:stream,all list:stream,all restartsubsystem:stream,all',
  ],
  [
    'event_store.client.users.users',
    'create update delete disable enable details changepassword resetpassword',
  ],
  [
    'event_store.client.streams.streams',
    'read:position,events append delete tombstone batchappend:deadline_duration',
  ],
  [
    'event_store.client.operations.operations',
    'startscavenge stopscavenge shutdown mergeindexes resignnode setnodepriority restartpersistentsubscriptions',
  ],
  ['event_store.client.gossip.gossip', 'read'],
  ['event_store.client.monitoring.monitoring', 'stats'],
  ['event_store.client.server_features.serverfeatures', 'getsupportedmethods'],
  [
    'event_store.client.projections.projections',
    'create:track_emitted_streams update delete statistics disable enable reset state result restartsubsystem',
  ],
]

/** What the client asks before anything else: which calls the server has. */
export function supportedMethods(): features.SupportedMethods {
  const answer = new features.SupportedMethods().setEventStoreServerVersion(serverVersion)
  for (const [service, methods] of services) {
    for (const method of methods.split(' ')) {
      const [name = '', list = ''] = method.split(':')
      const message = new features.SupportedMethod().setServiceName(service).setMethodName(name)
      answer.addMethods(message.setFeaturesList(list === '' ? [] : list.split(',')))
    }
  }
  return answer
}
