import type { Finding } from '../../errors.ts'
import type { ChartAction } from '../../machine/chart-action.ts'
import type { ChartGuard } from '../../machine/chart-guard.ts'
import { actionText } from './action-text.ts'
import type { Site } from './sites.ts'
import { error, type Subject } from './subject.ts'

/** Actions that a pure machine cannot have. */
export function forbiddenActions({ sites }: Subject): readonly Finding[] {
  return sites.flatMap((site) => site.actions.flatMap((action) => forbidden(site, action)))
}

function forbidden(site: Site, action: ChartAction): readonly Finding[] {
  const text = actionText(action)
  switch (action.kind) {
    case 'emit':
    case 'assign':
      return []
    case 'missing':
      return [
        error(
          'missing-action',
          site.path,
          `nobody implements ${text}`,
          `add '${action.name}' to the actions of setup()`,
        ),
      ]
    case 'custom':
      return [
        error(
          'custom-action',
          site.path,
          `${text} is a function of your own, and Reenact runs no effects in a machine`,
          'react to the event instead: emit a domain event, and do the rest where it is read',
        ),
      ]
    case 'invalid':
      return [
        error(
          'invalid-action',
          site.path,
          'an action is neither a name, nor { type, params }, nor made by emit() or assign()',
          'write the name of an action of setup()',
        ),
      ]
    default:
      return [
        error(
          'opaque-action',
          site.path,
          `${text} is ${action.kind === 'other' ? 'an action of xstate' : `${action.kind}()`}, which is an effect or hides what it does`,
          mends[action.kind] ?? 'use emit() on commands and assign() on domain events',
        ),
      ]
  }
}

const mends: Readonly<Partial<Record<ChartAction['kind'], string>>> = {
  enqueueActions: 'write the choice as guarded transitions, and the actions as a list',
  raise: 'emit a domain event: it is applied at once',
  sendTo: 'emit a domain event, and send where it is read',
  log: 'leave it out: commands and events are logged and inspected outside the machine',
}

/** Guards that nobody implements. */
export function forbiddenGuards({ sites }: Subject): readonly Finding[] {
  return sites.flatMap((site) => (site.candidate?.guard ? guardFaults(site, site.candidate.guard) : []))
}

function guardFaults(site: Site, guard: ChartGuard): readonly Finding[] {
  switch (guard.kind) {
    case 'missing':
      return [
        error(
          'missing-guard',
          site.path,
          `nobody implements the guard '${guard.name}'`,
          `add '${guard.name}' to the guards of setup()`,
        ),
      ]
    case 'cyclic':
      return [
        error(
          'cyclic-guard',
          site.path,
          `the guard '${guard.name}' leads back to itself`,
          'let one of the guards be a function',
        ),
      ]
    case 'and':
    case 'or':
    case 'not':
      return guard.guards.flatMap((inner) => guardFaults(site, inner))
    default:
      return []
  }
}
