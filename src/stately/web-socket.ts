import { createRequire } from 'node:module'

/** A WebSocket as browsers have it, as far as it is used here. */
export interface Socket {
  readonly readyState: number
  send(text: string): void
  close(): void
  addEventListener(type: 'open' | 'close' | 'error', listener: () => void): void
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void
}

/** Node 20 has no WebSocket of its own; `@statelyai/inspect` brings one. */
export function connect(url: string): Socket {
  const own = (globalThis as { WebSocket?: new (url: string) => Socket }).WebSocket
  if (own !== undefined) return new own(url)
  const inspect = createRequire(import.meta.url).resolve('@statelyai/inspect')
  const { WebSocket } = createRequire(inspect)('ws') as { readonly WebSocket: new (url: string) => Socket }
  return new WebSocket(url)
}
