import type { Message } from '../message.ts'
import type { Configuration } from './configuration.ts'
import type { Residue } from './operation.ts'
import type { Program } from './program.ts'
import { allEnabled, type Choice } from './selector.ts'
import type { Step } from './step.ts'

/** Where an event led in the end. */
export interface Landing {
  readonly configuration: Configuration
  readonly context: unknown
  readonly output: unknown
  readonly isChange: boolean
}

/**
 * Takes a step and all that follows of it: `always` before internal events, until the machine is at rest.
 * @param limit more steps than these are taken for an endless loop.
 * @returns undefined where only xstate can say what comes of it: something emits, raises no event, or never ends.
 */
export function macrostep(
  program: Program,
  first: Step,
  context: unknown,
  event: Message,
  limit: number,
): Landing | undefined {
  const run = new Run(context)
  if (!run.take(first, event)) return undefined
  let current = event
  let asksAlways = true
  for (let count = 1; run.configuration.status === 'active'; count++) {
    if (count > limit) return undefined
    const { configuration } = run
    let enabled: readonly Choice[] = asksAlways
      ? program.enabledAlways(configuration, run.context, current)
      : []
    const isAlways: boolean = enabled.length > 0
    if (!isAlways) {
      if (run.queue.length === 0) break
      const raised = run.queue.shift()
      if (typeof raised?.type !== 'string') return undefined
      current = raised
      const selector = program.internalSelector(configuration, current.type)
      enabled = allEnabled(selector, configuration, run.context, current)
    }
    // A step of `always` that changes nothing would be taken for ever.
    asksAlways = !isAlways
    if (enabled.length === 0) continue
    const step = program.step(configuration, enabled)
    if (!run.take(step, current)) return undefined
    asksAlways ||= step.isChange
  }
  return run
}

class Run implements Landing, Residue {
  readonly queue: Message[] = []
  output: unknown
  context: unknown
  isChange = false
  #configuration: Configuration | undefined

  constructor(context: unknown) {
    this.context = context
  }

  get configuration(): Configuration {
    return this.#configuration as Configuration
  }

  take(step: Step, event: Message): boolean {
    if (step.kind === 'foreign') return false
    for (const operation of step.operations) this.context = operation.run(this.context, event, this)
    this.#configuration = step.next
    this.isChange ||= step.isChange
    return true
  }
}
