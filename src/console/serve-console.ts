import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as NodeReadableStream } from 'node:stream/web'
import type { ConsoleHandler } from './console-handler.ts'
import { plainText } from './headers.ts'

export interface ServeOptions {
  /** Default: 4747. 0: any that is free. */
  readonly port?: number
  /** Default: `127.0.0.1`, this machine only. */
  readonly host?: string
}

/** A console that is being served. */
export interface ConsoleServer {
  /** To be opened in a browser. */
  readonly url: string
  /** Ends all connections, then the server. */
  close(): Promise<void>
}

const loopback = ['127.0.0.1', '::1', 'localhost']

/** Whether a host can be reached from this machine only. */
export function isLoopback(host: string): boolean {
  return loopback.includes(host)
}

/** A token that nobody guesses. */
export function freshToken(): string {
  return randomUUID()
}

/**
 * Serves a console with Node's own server, on this machine only unless told otherwise. On any other host give
 * `consoleHandler` a token: what is shown is everything that is stored.
 * @throws the error of Node where the port is taken (`EADDRINUSE`) or may not be used.
 */
export async function serveConsole(
  handler: ConsoleHandler,
  { port = 4747, host = '127.0.0.1' }: ServeOptions = {},
): Promise<ConsoleServer> {
  const guarded: ConsoleHandler = isLoopback(host) ? fromThisMachine(handler) : handler
  const server = createServer((request, response) => void respond(guarded, request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address() as AddressInfo
  const shownHost = host.includes(':') ? `[${host}]` : host
  return {
    url: `http://${shownHost}:${address.port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/**
 * A page of another site may name its own host and let it point here (DNS rebinding): then the browser takes it for
 * the same origin. The `Host` that it sends gives it away.
 */
function fromThisMachine(handler: ConsoleHandler): ConsoleHandler {
  return async (request) => {
    const { hostname } = new URL(request.url)
    if (isLoopback(hostname.replace(/^\[|\]$/g, ''))) return handler(request)
    return plainText(421, 'This console is for this machine: open it at its own address.')
  }
}

async function respond(
  handler: ConsoleHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const gone = new AbortController()
  outgoing.on('close', () => gone.abort())
  try {
    const { status, headers, body } = await handler(requestOf(incoming, gone.signal))
    for (const [name, value] of headers) outgoing.setHeader(name, value)
    outgoing.writeHead(status)
    if (body === null) outgoing.end()
    // No faster than the socket takes it: that is how a slow reader slows its live stream.
    else await pipeline(Readable.fromWeb(body as NodeReadableStream<Uint8Array>), outgoing)
  } catch {
    // The reader went away, or the stream of a stopped system failed: both end the connection, and the page sees it.
    outgoing.destroy()
  }
}

function requestOf(
  { url = '/', method = 'GET', headers, rawHeaders }: IncomingMessage,
  signal: AbortSignal,
): Request {
  const given = new Headers()
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const [name, value] = [rawHeaders[index], rawHeaders[index + 1]]
    if (name !== undefined && value !== undefined && !name.startsWith(':')) given.append(name, value)
  }
  // Put together as text: as a relative address `//other.site/` would name another host.
  const address = `http://${headers.host ?? 'localhost'}${url}`
  return new Request(address, { method, headers: given, signal })
}
