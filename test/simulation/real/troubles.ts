import { sleep, systemRuntime } from '../../../src/runtime.ts'
import type { SeededRandom } from '../../../src/testing/index.ts'
import type { TcpProxy } from '../../support/network/tcp-proxy.ts'
import type { Trouble } from './session.ts'

/** `kill -9` of a node at a random instant; the others work on, and it comes back. */
export const kill: Trouble = async (session, random) => {
  const node = random.pick(session.nodes)
  // Now and then already while it recovers.
  await sleep(systemRuntime, random.pick([0, 1, 5, 20]))
  session.clients.lose(await node.kill())
  await session.load(random.between(0, 20))
  await node.start()
}

type Weather = (proxy: TcpProxy, random: SeededRandom) => Promise<void>

/** What happens to the network before one node; then it passes again. */
const weathers: readonly Weather[] = [
  async (proxy) => proxy.cut(),
  async (proxy, random) => {
    proxy.swallow()
    await sleep(systemRuntime, random.between(1, 1_500))
    proxy.cut()
  },
  async (proxy, random) => {
    proxy.freeze()
    await sleep(systemRuntime, random.between(1, 1_500))
  },
  async (proxy, random) => {
    proxy.refuse()
    proxy.cut()
    await sleep(systemRuntime, random.between(1, 300))
  },
]

/** The network before a node is cut in one way or another, or its process is killed. */
export function killsAndCuts(proxies: readonly TcpProxy[]): Trouble {
  return async (session, random) => {
    if (random.chance(0.4)) return kill(session, random)
    const proxy = random.pick(proxies)
    await Promise.all([random.pick(weathers)(proxy, random), session.load(random.between(0, 20))])
    proxy.pass()
  }
}
