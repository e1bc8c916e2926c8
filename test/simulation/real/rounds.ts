import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemRuntime } from '../../../src/runtime.ts'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import { parseConnectionString } from '../../../src/store/eventstoredb/connection-string.ts'
import { eventStoreDB } from '../../../src/store/eventstoredb/index.ts'
import { bundledWithThread } from '../../support/bundle.ts'
import { TcpProxy } from '../../support/network/tcp-proxy.ts'
import { Session, type SessionResult } from './session.ts'
import { kill, killsAndCuts } from './troubles.ts'

/** So many rounds work on the same streams; then others begin, since each check reads all of them. */
const roundsOfSession = 25

export interface Rounds {
  readonly rounds: number
  readonly seed: number
  /** Told of each session: its seed, its rounds, and what came of it. */
  readonly onSession: (seed: number, rounds: number, result: SessionResult) => void
}

/** Rounds of `kill -9` under load on the embedded store, in sessions that end at the first broken rule. */
export function roundsOnEmbedded(rounds: Rounds): Promise<void> {
  return inSessions(rounds, async (program, seed, count) => {
    const folder = await mkdtemp(join(tmpdir(), 'reenact-rounds-'))
    const path = join(folder, 'data')
    try {
      return await new Session({
        program,
        seed,
        rounds: count,
        storeOf: () => ({ kind: 'embedded', path }),
        provider: embeddedStore({ path }),
        prefix: '',
        trouble: kill,
      }).run()
    } finally {
      await rm(folder, { recursive: true })
    }
  })
}

/**
 * Rounds of `kill -9` and of a network that is cut, mute or frozen, on EventStoreDB.
 * @throws RangeError for a cluster or TLS: a proxy fits before one node without TLS only.
 */
export function roundsOnEventStoreDB(connectionString: string, rounds: Rounds): Promise<void> {
  return inSessions(rounds, async (program, seed, count) => {
    const proxies = [await proxyBefore(connectionString), await proxyBefore(connectionString)]
    try {
      return await new Session({
        program,
        seed,
        rounds: count,
        storeOf: (node) => ({
          kind: 'eventstoredb',
          connectionString: `esdb://127.0.0.1:${proxies[node]!.port}?tls=false`,
        }),
        provider: eventStoreDB({ connectionString }),
        prefix: `${randomUUID()}-`,
        trouble: killsAndCuts(proxies),
      }).run()
    } finally {
      for (const proxy of proxies) await proxy.close()
    }
  })
}

async function proxyBefore(connectionString: string): Promise<TcpProxy> {
  const { hosts, security } = parseConnectionString(connectionString)
  const [host, ...others] = hosts
  if (host === undefined || others.length > 0 || security.mode !== 'plain') {
    throw new RangeError('A proxy fits before one node without TLS only.')
  }
  const { clock } = systemRuntime
  return TcpProxy.start({ clock, targetHost: host.address, targetPort: host.port })
}

async function inSessions(
  { rounds, seed, onSession }: Rounds,
  run: (program: string, seed: number, rounds: number) => Promise<SessionResult>,
): Promise<void> {
  const program = await bundledWithThread(new URL('./node-program.ts', import.meta.url), 'simulation-node')
  try {
    for (let left = rounds, nth = 0; left > 0; left -= roundsOfSession, nth++) {
      const count = Math.min(left, roundsOfSession)
      const result = await run(program.file, seed + nth, count)
      onSession(seed + nth, count, result)
      if (result.violations.length > 0) return
    }
  } finally {
    await program.remove()
  }
}
