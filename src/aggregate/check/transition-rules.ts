import type { Finding } from '../../errors.ts'
import type { ChartGuard } from '../../machine/chart-guard.ts'
import { expectedTypesOf } from '../expectation.ts'
import { actionText } from './action-text.ts'
import type { Site } from './sites.ts'
import { error, type Subject, warning } from './subject.ts'

/** A command transition changes nothing. */
export function commandsChangeNothing({ sites, chart }: Subject): readonly Finding[] {
  return sites
    .filter((site) => site.kind === 'command')
    .flatMap((site) => [
      ...(site.candidate?.targets === undefined
        ? []
        : [
            error(
              'command-target',
              site.path,
              `the command '${site.type}' has a target (${site.candidate.targets.map((node) => [chart.id, ...node.path].join('.')).join(', ')}), and commands change nothing`,
              'let it emit a domain event, and give the target to the transition of that event',
            ),
          ]),
      ...site.actions
        .filter((action) => action.kind === 'assign')
        .map((action) =>
          error(
            'command-assign',
            site.path,
            `${actionText(action)} assigns to the context on the command '${site.type}', and commands change nothing`,
            'let the command emit a domain event, and assign on that event',
          ),
        ),
    ])
}

/** What is stored must always be applied: a guard that comes later must not drop history. */
export function guardedEvents({ sites }: Subject): readonly Finding[] {
  const last = sites.filter(
    (site) => site.kind === 'event' && site.node.on.get(site.type ?? '')?.at(-1) === site.candidate,
  )
  return last
    .filter((site) => site.candidate?.guard !== undefined)
    .map((site) =>
      error(
        'guarded-event',
        site.path,
        `the domain event '${site.type}' is not applied where every guard says no, so a change of a guard would drop history`,
        'give its last candidate no guard; guard the command instead',
      ),
    )
}

export function wildcards({ sites }: Subject): readonly Finding[] {
  return sites
    .filter((site) => site.kind === 'wildcard')
    .map((site) =>
      error(
        'wildcard',
        site.path,
        `'${site.type}' would also catch domain events that a parent state handles`,
        'list the commands instead',
      ),
    )
}

export function unknownTypes({ sites }: Subject): readonly Finding[] {
  return sites
    .filter((site) => site.kind === 'unknown')
    .map((site) =>
      error(
        'unknown-type',
        site.path,
        `'${site.type}' has no schema`,
        `add it to commands or to events, or leave the transition out`,
      ),
    )
}

/** xstate ignores it silently. */
export function reenterWithoutTarget({ sites }: Subject): readonly Finding[] {
  return sites
    .filter((site) => site.candidate?.reenter === true && site.candidate.targets === undefined)
    .map((site) =>
      warning(
        'reenter-without-target',
        site.path,
        '`reenter` does nothing without a target',
        'name the target',
      ),
    )
}

/** Callbacks of `on()` and `when()` of a model on transitions of another type: they would throw there. */
export function expectedTypes({ sites }: Subject): readonly Finding[] {
  return sites.flatMap((site) => {
    const { type } = site
    if (type === undefined) return []
    return callbacksOf(site).flatMap(({ text, callback }) => {
      const expected = expectedTypesOf(callback)
      return expected === undefined || expected.includes(type)
        ? []
        : [
            error(
              'other-type',
              site.path,
              `${text} is written for '${expected.join("', '")}', and stands on '${type}'`,
              `use it there, or name '${type}' in its on() or when()`,
            ),
          ]
    })
  })
}

interface NamedCallback {
  readonly text: string
  readonly callback: object
}

function callbacksOf(site: Site): readonly NamedCallback[] {
  const assigns = site.actions.flatMap((action) =>
    action.kind === 'assign' && action.assignment.kind === 'whole'
      ? [{ text: actionText(action), callback: action.assignment.compute }]
      : [],
  )
  return [...assigns, ...(site.candidate?.guard ? guardCallbacks(site.candidate.guard) : [])]
}

function guardCallbacks(guard: ChartGuard): readonly NamedCallback[] {
  switch (guard.kind) {
    case 'predicate':
      return [
        {
          text: guard.name === undefined ? 'an inline guard' : `the guard '${guard.name}'`,
          callback: guard.test,
        },
      ]
    case 'and':
    case 'or':
    case 'not':
      return guard.guards.flatMap(guardCallbacks)
    default:
      return []
  }
}
