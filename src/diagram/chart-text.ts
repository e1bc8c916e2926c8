import { stateText } from '../aggregate/handled-commands.ts'
import type { ChartCandidate } from '../machine/chart.ts'
import type { ChartAction } from '../machine/chart-action.ts'
import type { ChartGuard } from '../machine/chart-guard.ts'
import type { ChartValue } from '../machine/chart-value.ts'
import type { DiagramStep } from './graph.ts'

/** A guard for people: `hasFunds`, `isOpen and not isEmpty`. */
export function guardText(guard: ChartGuard): string {
  if ('name' in guard && guard.name !== undefined) {
    return guard.kind === 'predicate' ? `${guard.name}${paramsText(guard.params)}` : guard.name
  }
  switch (guard.kind) {
    case 'and':
    case 'or':
      return guard.guards.map(partText).join(` ${guard.kind} `)
    case 'not':
      return `not ${guard.guards.map(partText).join(' ')}`
    case 'stateIn':
      return `in ${stateText(guard.value)}`
    default:
      return 'an inline guard'
  }
}

/** Within another guard, a combination stands in brackets. */
function partText(guard: ChartGuard): string {
  const combines = 'guards' in guard && guard.kind !== 'not' && guard.name === undefined
  return combines ? `(${guardText(guard)})` : guardText(guard)
}

/** An action for people: `credit`, `reject(code: AlreadyOpen)`. */
export function actionText(action: ChartAction): string {
  return `${action.name ?? `inline ${action.kind}`}${paramsText(action.params)}`
}

function paramsText(params: ChartValue): string {
  if (params.kind === 'none' || (params.kind === 'fixed' && params.value === undefined)) return ''
  if (params.kind === 'computed') return '(…)'
  const { value } = params
  const parts =
    typeof value === 'object' && value !== null
      ? Object.entries(value).map(([key, part]) => `${key}: ${plainText(part)}`)
      : [plainText(value)]
  return `(${parts.join(', ')})`
}

function plainText(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? '[…]' : '{…}'
  return String(value)
}

/** A candidate's guard; of the last one, after others that are guarded: `else`. */
export function candidateGuard(candidate: ChartCandidate): string | null {
  if (candidate.guard !== undefined) return guardText(candidate.guard)
  return candidate.index > 0 ? 'else' : null
}

/** `500 ms` for a number, else the name of a delay. */
export function delayText(delay: string): string {
  return /^\d+$/.test(delay) ? `after ${delay} ms` : `after ${delay}`
}

/** A step with the label that its parts make. */
export function stepOf(parts: Omit<DiagramStep, 'label'>): DiagramStep {
  const { kind, trigger, guard, effects, description } = parts
  const sign = kind === 'rejection' ? ' ✗ ' : ' / '
  const head = [trigger, ...(guard === null ? [] : [`[${guard}]`])].filter((part) => part !== '').join(' ')
  const label = effects.length === 0 ? head : `${head}${sign}${effects.join(', ')}`
  return { kind, trigger, guard, effects, label: label.trim(), description }
}
