import { insight as insightKey } from '../../actors/insight.ts'
import type { System } from '../../actors/system.ts'
import { accessOf, tokenCookie } from './access.ts'
import { Api } from './api/api.ts'
import { loadAssets } from './assets.ts'
import { Charts } from './charts.ts'
import { answer, plainText } from './headers.ts'
import { Meter } from './meter.ts'
import { StreamIndex } from './stream-index.ts'
import { TroubleLog } from './trouble-log.ts'

export interface ConsoleOptions {
  /** Where it is mounted: `/console` for a server of yours that has other pages, too. Default: the root. */
  readonly path?: string
  /**
   * Who opens the console must have it: in the address once (`?token=...`), then it is kept in a cookie; or as
   * `Authorization: Bearer ...`. Default: everybody who reaches the handler may look.
   */
  readonly token?: string
}

/** A web-standard request handler. */
export type ConsoleHandler = (request: Request) => Promise<Response>

/**
 * A console for a running system, in the browser: what it does just now, its aggregates and their pasts, the log,
 * and trouble. It only reads; the store sees no append of it, and while nobody looks it costs nothing but the memory
 * of what went wrong lately.
 * @returns a web-standard handler for any server that speaks `Request` and `Response`; never rejects. `serveConsole`
 *   serves it with Node alone.
 * @throws RangeError for a path or token that cannot be.
 */
export function consoleHandler(system: System, options: ConsoleOptions = {}): ConsoleHandler {
  const { path = '', token } = options
  checkOptions(path, token)
  const insight = system[insightKey]
  const api = new Api({
    system,
    insight,
    charts: new Charts(),
    meter: new Meter(system, insight.runtime.clock),
    index: new StreamIndex(insight),
    trouble: new TroubleLog(system),
  })

  const respond: ConsoleHandler = async (request) => {
    const url = new URL(request.url)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      return plainText(405, 'The console only reads.', { allow: 'GET, HEAD' })
    }
    const below = url.pathname.startsWith(`${path}/`) ? url.pathname.slice(path.length + 1) : undefined
    if (below === undefined) {
      return url.pathname === path
        ? answer(308, null, { location: `${path}/${url.search}` })
        : plainText(404, 'There is no such page.')
    }
    const access = accessOf(request, url, token)
    if (access === 'denied') {
      return plainText(401, 'This console needs its token: open the address that it printed, with ?token=...')
    }
    if (access === 'introduce') {
      return answer(303, null, { location: `${path}/`, 'set-cookie': tokenCookie(token ?? '', path, url) })
    }
    const answered = below.startsWith('api/')
      ? await api.answer(below.slice('api/'.length), request, url.searchParams)
      : await answerAsset(below === '' ? 'index.html' : below, request)
    if (request.method === 'GET') return answered
    void answered.body?.cancel()
    return new Response(null, answered)
  }
  return (request) =>
    respond(request).catch((error: unknown) =>
      plainText(500, error instanceof Error ? error.message : String(error)),
    )
}

function checkOptions(path: string, token: string | undefined): void {
  if (!/^(\/[\w.~-]+)*$/.test(path)) {
    throw new RangeError(`path must be like '/console', without a slash at its end, not '${path}'.`)
  }
  if (token !== undefined && token.length < 16) {
    throw new RangeError('token must have at least 16 characters; crypto.randomUUID() makes a good one.')
  }
}

async function answerAsset(name: string, request: Request): Promise<Response> {
  const asset = (await loadAssets()).get(name)
  if (asset === undefined) return plainText(404, 'There is no such page.')
  const headers = { 'content-type': asset.type, 'cache-control': 'no-cache', etag: asset.tag }
  return request.headers.get('if-none-match') === asset.tag
    ? answer(304, null, headers)
    : answer(200, asset.body, headers)
}
