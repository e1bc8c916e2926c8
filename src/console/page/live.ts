import { useEffect, useRef } from 'preact/hooks'
import type { Sample } from '../wire.ts'
import { addressOf, type Parameters } from './ask.ts'
import { Shared } from './shared.ts'

/**
 * - `lost`: the connection is cut, and sought again.
 * - `paused`: nobody has looked for a while, and being looked at costs the system a little.
 */
export type Connection = 'connecting' | 'open' | 'lost' | 'paused'

export const connection = new Shared<Connection>('connecting')
/** The last five minutes. */
export const samples = new Shared<readonly Sample[]>([])

const keptSamples = 300
const firstRetryMs = 500
const longestRetryMs = 5_000
const pauseAfterMs = 60_000

/** What to do with each message, by its name. */
type Listeners = Readonly<Record<string, (message: never) => void>>

/**
 * Keeps the one connection of the page open while a component is shown. A cut connection is sought again by the page
 * itself: the browser gives up where a server answers with an error, as one does that is just starting again.
 */
export function useLive(parameters: Parameters, listeners: Listeners, onOpen?: () => Parameters): void {
  const latest = useRef({ listeners, onOpen })
  latest.current = { listeners, onOpen }
  const wanted = JSON.stringify(parameters)
  useEffect(() => {
    const names = Object.keys(latest.current.listeners)
    const hear = (name: string, text: string): void => {
      latest.current.listeners[name]?.(JSON.parse(text) as never)
    }
    const more = (): Parameters => latest.current.onOpen?.() ?? {}
    return connect(JSON.parse(wanted) as Parameters, more, names, hear)
  }, [wanted])
}

function connect(
  parameters: Parameters,
  more: () => Parameters,
  names: readonly string[],
  hear: (name: string, text: string) => void,
): () => void {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let retryMs = firstRetryMs

  const close = (): void => {
    source?.close()
    clearTimeout(timer)
  }
  const open = (): void => {
    const since = samples.value.at(-1)?.at ?? 0
    source = new EventSource(addressOf('live', { ...parameters, ...more(), since }))
    source.onopen = () => {
      retryMs = firstRetryMs
      connection.set('open')
    }
    source.onerror = () => {
      connection.set('lost')
      source?.close()
      timer = setTimeout(open, retryMs)
      retryMs = Math.min(retryMs * 2, longestRetryMs)
    }
    source.addEventListener('samples', ({ data }) => keep(JSON.parse(data) as readonly Sample[]))
    for (const name of names) source.addEventListener(name, ({ data }) => hear(name, data))
  }

  const stopWatching = whileSeen(open, () => {
    close()
    connection.set('paused')
  })
  return () => {
    stopWatching()
    close()
  }
}

/** Begins at once; ends when the page was out of sight for a while, and begins again when it is back. */
function whileSeen(begin: () => void, end: () => void): () => void {
  let leaving: ReturnType<typeof setTimeout> | undefined
  let state: 'begun' | 'ended' = 'begun'
  const look = (): void => {
    clearTimeout(leaving)
    if (document.hidden) {
      leaving = setTimeout(() => {
        state = 'ended'
        end()
      }, pauseAfterMs)
    } else if (state === 'ended') {
      state = 'begun'
      begin()
    }
  }
  document.addEventListener('visibilitychange', look)
  begin()
  look()
  return () => {
    document.removeEventListener('visibilitychange', look)
    clearTimeout(leaving)
  }
}

function keep(fresh: readonly Sample[]): void {
  const last = samples.value.at(-1)?.at ?? 0
  samples.set([...samples.value, ...fresh.filter(({ at }) => at > last)].slice(-keptSamples))
}
