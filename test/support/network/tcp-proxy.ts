import { createConnection, createServer, type Server, type Socket } from 'node:net'
import type { Clock } from '../../../src/runtime.ts'
import { ProxiedConnection } from './proxied-connection.ts'

/**
 * What the network does.
 * - `passing`: bytes go through, each `delayMs` late. `refusing`: new connections are refused.
 * - `blackHole`: bytes vanish and nobody hears of it, as when a cable is pulled; new connections are accepted and stay
 *   mute. What was swallowed is lost for ever, so when the network passes again those connections are cut.
 * - `frozen`: bytes stay on their way and come when the network passes again, as when a machine hangs.
 */
export type NetworkState = 'passing' | 'refusing' | 'blackHole' | 'frozen'

export interface ProxyOptions {
  readonly clock: Clock
  readonly host?: string
  /** Where the connections lead. */
  readonly targetPort: number
  readonly targetHost?: string
}

/** A piece of network between a client and a server, on loopback: it can be slow, cut, frozen or swallow everything. */
export class TcpProxy {
  readonly #options: ProxyOptions
  readonly #connections = new Set<ProxiedConnection>()
  readonly #server: Server
  #state: NetworkState = 'passing'
  #delayMs = 0
  #accepted = 0

  private constructor(options: ProxyOptions) {
    this.#options = options
    this.#server = createServer({ allowHalfOpen: true }, (socket) => this.#accept(socket))
  }

  static async start(options: ProxyOptions): Promise<TcpProxy> {
    const proxy = new TcpProxy(options)
    await new Promise<void>((resolve, reject) => {
      proxy.#server.once('error', reject)
      proxy.#server.listen(0, options.host ?? '127.0.0.1', resolve)
    })
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    if (typeof address !== 'object' || address === null) throw new Error('The proxy is closed.')
    return address.port
  }

  /** How many connections were made through it so far. */
  get accepted(): number {
    return this.#accepted
  }

  get open(): number {
    return this.#connections.size
  }

  /** How many pieces wait on their way now. */
  get held(): number {
    return this.#sum((connection) => connection.held)
  }

  /** How many pieces the connections that are open have lost. */
  get swallowed(): number {
    return this.#sum((connection) => connection.swallowed)
  }

  #sum(count: (connection: ProxiedConnection) => number): number {
    return [...this.#connections].reduce((sum, connection) => sum + count(connection), 0)
  }

  #accept(near: Socket): void {
    if (this.#state === 'refusing') {
      near.resetAndDestroy()
      return
    }
    this.#accepted++
    const { targetPort, targetHost = '127.0.0.1', clock } = this.#options
    const far = createConnection({ port: targetPort, host: targetHost, allowHalfOpen: true })
    const connection = new ProxiedConnection(near, far, clock)
    connection.become(this.#state, this.#delayMs)
    this.#connections.add(connection)
    connection.onClose(() => void this.#connections.delete(connection))
  }

  /** Bytes go through again, each `delayMs` late (in each direction). */
  pass(delayMs = 0): void {
    this.#become('passing', delayMs)
  }

  refuse(): void {
    this.#become('refusing', this.#delayMs)
  }

  swallow(): void {
    this.#become('blackHole', this.#delayMs)
  }

  freeze(): void {
    this.#become('frozen', this.#delayMs)
  }

  #become(state: NetworkState, delayMs: number): void {
    this.#state = state
    this.#delayMs = delayMs
    for (const connection of [...this.#connections]) connection.become(state, delayMs)
  }

  /** Cuts every connection that is open now; what was on its way is lost. New ones are as the state says. */
  cut(): void {
    for (const connection of [...this.#connections]) connection.cut()
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()))
    this.cut()
    await closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}
