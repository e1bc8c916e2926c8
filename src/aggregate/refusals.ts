import type { Decision } from '../behaviour.ts'
import { jsonCopy, jsonFate, jsonRefusal } from '../event/json-walk.ts'
import type { Chart } from '../machine/chart.ts'
import type { ChartGuard } from '../machine/chart-guard.ts'
import type { Emission, StateView } from '../machine/kernel.ts'
import type { Message } from '../machine/message.ts'
import { activeNodes, handledCommands, stateText } from './handled-commands.ts'
import { Misfit } from './misfit.ts'
import type { RejectionTexts } from './model.ts'

/** What a machine says when it emits no event. */
export type Refused = Exclude<Emission, { readonly status: 'emitted' }>
type RejectedDecision = Extract<Decision, { readonly status: 'rejected' }>

/** Says to people why a command was refused. */
export class Refusals {
  readonly #chart: Chart
  readonly #commands: ReadonlySet<string>
  readonly #texts: ReadonlyMap<string, string>

  constructor(chart: Chart, commands: ReadonlySet<string>, texts: RejectionTexts) {
    this.#chart = chart
    this.#commands = commands
    this.#texts = new Map(Object.entries(texts))
  }

  /**
   * @param view looks at the state; called only where the text needs it.
   * @throws Misfit where the machine rejects with a code or details that it must not have.
   */
  decisionOf(refused: Refused, command: Message, view: () => StateView): RejectedDecision {
    switch (refused.status) {
      case 'rejected':
        return this.#rejected(refused)
      case 'unhandled':
        return { status: 'rejected', code: 'Unhandled', message: this.#unhandled(command.type, view().value) }
      case 'blocked':
        return {
          status: 'rejected',
          code: 'GuardBlocked',
          message: this.#blocked(command.type, view().value),
        }
      case 'done':
        return {
          status: 'rejected',
          code: 'Done',
          message: `'${command.type}' came too late: the final state '${stateText(view().value)}' is reached.`,
        }
    }
  }

  #rejected({ code, details }: Extract<Refused, { readonly status: 'rejected' }>): RejectedDecision {
    const message = this.#texts.get(code)
    if (message === undefined) {
      throw new Misfit('reject', `it rejected with the code '${code}', which has no text in \`rejections\`.`)
    }
    if (details === undefined) return { status: 'rejected', code, message }
    if (jsonFate(details) === 'refused') {
      const { path, reason } = jsonRefusal(details)
      throw new Misfit(['reject', 'details', ...path].join('.'), `the details of '${code}': ${reason}.`)
    }
    return { status: 'rejected', code, message, details: jsonCopy(details) as typeof details }
  }

  #unhandled(type: string, value: unknown): string {
    const handled = handledCommands(this.#chart, value, this.#commands)
    const instead = handled.length > 0 ? `it handles ${handled.join(', ')}` : 'it handles no command'
    return `'${type}' is not handled in the state '${stateText(value)}'; ${instead}.`
  }

  #blocked(type: string, value: unknown): string {
    const names = activeNodes(this.#chart, value)
      .flatMap((node) => node.on.get(type) ?? [])
      .flatMap(({ guard }) => (guard === undefined ? [] : guardNames(guard)))
    const which = names.length > 0 ? ` (${[...new Set(names)].join(', ')})` : ''
    return `'${type}' is not allowed now: every guard${which} in the state '${stateText(value)}' said no.`
  }
}

/** The guards by name; inside a combinator without a name, those that it combines. */
function guardNames(guard: ChartGuard): readonly string[] {
  if ('name' in guard && guard.name !== undefined) return [guard.name]
  return 'guards' in guard ? guard.guards.flatMap(guardNames) : []
}
