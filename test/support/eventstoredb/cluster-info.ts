import type { Clock } from '../../../src/runtime.ts'
import { gossip } from './stubs.ts'
import { uuid } from './wire.ts'

/** One node as the gossip tells of it. */
export interface ClusterMember {
  readonly host: string
  readonly port: number
  readonly state: 'Leader' | 'Follower' | 'ReadOnlyReplica' | 'Unknown'
  readonly life: 'alive' | 'dead'
  readonly instanceId: string
}

const states = { Leader: 8, Follower: 6, ReadOnlyReplica: 14, Unknown: 2 } as const

/** Who the nodes of the cluster are. */
export function clusterInfo(members: readonly ClusterMember[], clock: Clock): gossip.ClusterInfo {
  const answer = new gossip.ClusterInfo()
  for (const member of members) {
    answer.addMembers(
      new gossip.MemberInfo()
        .setInstanceId(uuid(member.instanceId, 'structured'))
        .setTimeStamp(String(BigInt(Math.round(clock.now())) * 10_000n))
        .setState(states[member.state])
        .setIsAlive(member.life === 'alive')
        .setHttpEndPoint(new gossip.EndPoint().setAddress(member.host).setPort(member.port)),
    )
  }
  return answer
}
