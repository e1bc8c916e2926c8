import type { Insight } from '../../../actors/insight.ts'
import type { System } from '../../../actors/system.ts'
import type { Aggregate } from '../../aggregate/aggregate-type.ts'
import type { Charts } from '../charts.ts'
import type { Meter } from '../meter.ts'
import type { StreamIndex } from '../stream-index.ts'
import type { TroubleLog } from '../trouble-log.ts'

/** What the answers are made of. */
export interface ApiContext {
  readonly system: System
  readonly insight: Insight
  readonly charts: Charts
  readonly meter: Meter
  readonly index: StreamIndex
  readonly trouble: TroubleLog
}

/** What a request asks for, beside its path. */
export interface Asked {
  readonly parameters: URLSearchParams
  /** Aborts when nobody waits any more. */
  readonly signal: AbortSignal
}

/** The request cannot be answered; the page shows the message. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered'
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** The definition that a request names. @throws NotAnswered */
export function definitionOf({ insight }: ApiContext, { parameters }: Asked): Aggregate {
  const name = parameters.get('aggregate') ?? ''
  const definition = insight.definitions.find((candidate) => candidate.name === name)
  if (definition !== undefined) return definition
  throw new NotAnswered(404, `This system does not run an aggregate '${name}'.`)
}

/** The aggregate that a request names. @throws NotAnswered */
export function addressed(
  context: ApiContext,
  asked: Asked,
): { readonly definition: Aggregate; readonly id: string } {
  const id = asked.parameters.get('id')
  if (id === null) throw new NotAnswered(400, 'The id is missing.')
  return { definition: definitionOf(context, asked), id }
}

/** A whole number of a request. @throws NotAnswered where it is none, or too small. */
export function wholeNumber({ parameters }: Asked, name: string, least: number, otherwise?: number): number {
  const text = parameters.get(name)
  if (text === null && otherwise !== undefined) return otherwise
  const number = text !== null && /^-?\d+$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number) && number >= least) return number
  throw new NotAnswered(400, `'${name}' must be a whole number of at least ${least}.`)
}
