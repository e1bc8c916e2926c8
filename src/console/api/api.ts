import { HistoryUnreadable, NotInHistory, ReenactError } from '../../errors.ts'
import { answer, json } from '../headers.ts'
import { liveStream } from '../live/live-stream.ts'
import { aggregateNow, step } from './aggregate.ts'
import { aggregates } from './aggregates.ts'
import { causation } from './causation.ts'
import { type ApiContext, type Asked, definitionOf, NotAnswered } from './context.ts'
import { event, events } from './events.ts'
import { liveSources } from './live.ts'
import { log, recent } from './log.ts'
import { systemInfo } from './system-info.ts'
import { trouble } from './trouble.ts'

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

/** What the page asks for, beside its files. */
export class Api {
  readonly #context: ApiContext
  /** The pages of many people are many, those of a loop must not be. */
  #liveStreams = 0

  constructor(context: ApiContext) {
    this.#context = context
  }

  /** @param name the path below `api/`. */
  async answer(name: string, request: Request, parameters: URLSearchParams): Promise<Response> {
    // Other sites cannot read the answers; they are not to cause the work either.
    if (request.headers.get('sec-fetch-site') === 'cross-site') {
      return json(403, { error: 'Not from other sites.' })
    }
    if (this.#context.insight.stopped()) return json(503, { error: 'The system has stopped.' })
    try {
      return await this.#answer(name, { parameters, signal: request.signal })
    } catch (error) {
      return json(statusOf(error), { error: error instanceof Error ? error.message : String(error) })
    }
  }

  async #answer(name: string, asked: Asked): Promise<Response> {
    if (name === 'live') return this.#live(asked)
    if (name === 'chart') {
      const picture = await this.#context.charts.picture(definitionOf(this.#context, asked))
      return answer(200, picture, { 'content-type': 'image/svg+xml' })
    }
    const endpoint = Object.hasOwn(endpoints, name) ? endpoints[name] : undefined
    if (endpoint === undefined) throw new NotAnswered(404, `There is no 'api/${name}'.`)
    return json(200, await endpoint(this.#context, asked))
  }

  #live(asked: Asked): Response {
    if (this.#liveStreams >= mostLiveStreams) throw new NotAnswered(503, 'Too many pages are open.')
    const { runtime, stopped } = this.#context.insight
    const sources = liveSources(this.#context, asked)
    this.#liveStreams++
    const stream = liveStream(sources, runtime.clock, stopped, () => {
      this.#liveStreams--
    })
    return answer(200, stream, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
  }
}

function statusOf(error: unknown): number {
  if (error instanceof NotAnswered) return error.status
  if (error instanceof NotInHistory) return 404
  if (error instanceof HistoryUnreadable) return 422
  if (error instanceof RangeError || (error instanceof ReenactError && error.tag === 'InvalidId')) return 400
  return error instanceof ReenactError ? 503 : 500
}
