import { systemRuntime } from '../../../../src/runtime.ts'
import { parseConnectionString } from '../../../../src/store/eventstoredb/connection-string.ts'
import { TcpProxy } from '../../../support/network/tcp-proxy.ts'

export interface Proxied {
  readonly proxy: TcpProxy
  readonly connectionString: string
}

/**
 * A piece of network before a server of one node. `undefined` for a cluster, whose nodes tell clients their own
 * addresses, past every proxy; and for TLS, whose certificate is for another host.
 */
export async function proxied(connectionString: string): Promise<Proxied | undefined> {
  const { hosts, security } = parseConnectionString(connectionString)
  const [host, ...others] = hosts
  if (host === undefined || others.length > 0 || security.mode !== 'plain') return undefined
  const proxy = await TcpProxy.start({
    clock: systemRuntime.clock,
    targetHost: host.address,
    targetPort: host.port,
  })
  return { proxy, connectionString: `esdb://127.0.0.1:${proxy.port}?tls=false` }
}
