import { insight as insightKey } from '../../actors/insight.ts'
import type { System } from '../../actors/system.ts'
import { HistoryUnreadable, NotInHistory, ReenactError } from '../errors.ts'
import { accessOf, tokenCookie } from './access.ts'
import { aggregateNow, step } from './api/aggregate.ts'
import { aggregates } from './api/aggregates.ts'
import { causation } from './api/causation.ts'
import { type ApiContext, type Asked, definitionOf, NotAnswered } from './api/context.ts'
import { event, events } from './api/events.ts'
import { liveSources } from './api/live.ts'
import { log, recent } from './api/log.ts'
import { systemInfo } from './api/system-info.ts'
import { trouble } from './api/trouble.ts'
import { loadAssets } from './assets.ts'
import { Charts } from './charts.ts'
import { answer, json, plainText } from './headers.ts'
import { liveStream } from './live/live-stream.ts'
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

/** Each is a connection that is kept open. */
const mostLiveStreams = 64

/** What is answered with JSON, by path below `api/`. */
const endpoints: Readonly<Record<string, (context: ApiContext, asked: Asked) => unknown>> = {
  system: systemInfo,
  aggregates,
  aggregate: aggregateNow,
  step,
  events,
  event,
  log,
  recent,
  causation,
  trouble,
}

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
  const context: ApiContext = {
    system,
    insight,
    charts: new Charts(),
    meter: new Meter(system, insight.runtime.clock),
    index: new StreamIndex(insight),
    trouble: new TroubleLog(system),
  }
  const live = new LiveStreams(context)

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
      ? await answerApi(below.slice('api/'.length), request, url, context, live)
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

async function answerApi(
  name: string,
  request: Request,
  url: URL,
  context: ApiContext,
  live: LiveStreams,
): Promise<Response> {
  // Other sites cannot read the answers; they are not to cause the work either.
  if (request.headers.get('sec-fetch-site') === 'cross-site')
    return json(403, { error: 'Not from other sites.' })
  if (context.insight.stopped()) return json(503, { error: 'The system has stopped.' })
  const asked: Asked = { parameters: url.searchParams, signal: request.signal }
  try {
    if (name === 'live') return live.open(asked)
    if (name === 'chart') {
      const picture = await context.charts.picture(definitionOf(context, asked))
      return answer(200, picture, { 'content-type': 'image/svg+xml' })
    }
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
    if (endpoint === undefined) return json(404, { error: `There is no 'api/${name}'.` })
    return json(200, await endpoint(context, asked))
  } catch (error) {
    return json(statusOf(error), { error: error instanceof Error ? error.message : String(error) })
  }
}

function statusOf(error: unknown): number {
  if (error instanceof NotAnswered) return error.status
  if (error instanceof NotInHistory) return 404
  if (error instanceof HistoryUnreadable) return 422
  if (error instanceof RangeError || (error instanceof ReenactError && error.tag === 'InvalidId')) return 400
  return error instanceof ReenactError ? 503 : 500
}

/** The connections that are open; the pages of many people are many, those of a loop must not be. */
class LiveStreams {
  readonly #context: ApiContext
  #open = 0

  constructor(context: ApiContext) {
    this.#context = context
  }

  open(asked: Asked): Response {
    if (this.#open >= mostLiveStreams) throw new NotAnswered(503, 'Too many pages are open.')
    const { clock } = this.#context.insight.runtime
    const sources = liveSources(this.#context, asked)
    this.#open++
    const stream = liveStream(sources, clock, this.#context.insight.stopped, () => {
      this.#open--
    })
    return answer(200, stream, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
  }
}
