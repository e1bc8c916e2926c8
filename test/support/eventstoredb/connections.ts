import { createServer, type Server as NetServer, type Socket } from 'node:net'
import type { ConnectionInjector } from '@grpc/grpc-js'

/**
 * The sockets of a server: they can be cut as the end of a process cuts them. A gRPC server by itself would tell each
 * call politely that it is cancelled.
 */
export class Connections {
  readonly #injector: ConnectionInjector
  readonly #server: NetServer
  readonly #sockets = new Set<Socket>()

  constructor(injector: ConnectionInjector) {
    this.#injector = injector
    this.#server = createServer((socket) => this.#accept(socket))
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    socket.on('error', () => {})
    socket.setNoDelay(true)
    this.#injector.injectConnection(socket)
  }

  /** @returns the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, '127.0.0.1', () => {
        const address = this.#server.address()
        resolve(typeof address === 'object' && address !== null ? address.port : port)
      })
    })
  }

  /** Cuts every connection and refuses new ones. */
  async cut(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.resetAndDestroy()
    await closed
  }
}
