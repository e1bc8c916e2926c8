import type { ChartAction } from '../../machine/chart-action.ts'
import type { ChartValue } from '../../machine/chart-value.ts'
import { rejectType } from '../reject.ts'
import { StandIns } from './stand-in.ts'

/** What an emit action emits, as far as one call can tell. */
export type Learnt =
  | { readonly kind: 'event'; readonly type: string }
  /** `code` is absent where it is computed. */
  | { readonly kind: 'rejection'; readonly code: string | undefined }
  | { readonly kind: 'unclear'; readonly reason: string }

type EmitAction = Extract<ChartAction, { readonly kind: 'emit' }>
type Called = (given: unknown, params: unknown) => unknown

/**
 * Learns which event an action emits, by calling it once with stand-ins for all but the type of what it answers.
 * So it finds, too, that a spread overwrites the type of the event: types do not see that.
 * @param answered the type of the command or event at which the action stands, where there is one.
 */
export function learnEmit(action: EmitAction, answered: string | undefined): Learnt {
  const standIns = new StandIns()
  const given = {
    context: standIns.make(),
    event: standIns.make(answered === undefined ? {} : { type: answered }),
    self: standIns.make(),
    system: standIns.make(),
  }
  try {
    return learntOf(madeOf(action.event, given, paramsOf(action, given, standIns)) as Emitted)
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    return { kind: 'unclear', reason: `called with stand-ins it threw "${reason}"` }
  }
}

/** Params that cannot be computed of stand-ins may still not matter to the type. */
function paramsOf(action: EmitAction, given: unknown, standIns: StandIns): unknown {
  try {
    return madeOf(action.params, given, undefined)
  } catch {
    return standIns.make()
  }
}

type Emitted = { readonly type?: unknown; readonly code?: unknown } | null | undefined

function learntOf(emitted: Emitted): Learnt {
  const type = emitted?.type
  if (typeof type !== 'string') return { kind: 'unclear', reason: 'it emits something without a fixed type' }
  if (type !== rejectType) return { kind: 'event', type }
  const code = emitted?.code
  return { kind: 'rejection', code: typeof code === 'string' ? code : undefined }
}

function madeOf(value: ChartValue, given: unknown, params: unknown): unknown {
  switch (value.kind) {
    case 'none':
      return undefined
    case 'fixed':
      return value.value
    case 'computed':
      return (value.compute as unknown as Called)(given, params)
  }
}
