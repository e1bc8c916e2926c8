import type { SeededRandom } from '../../../src/testing/index.ts'
import type { Step } from '../plan.ts'
import { planOf } from '../plan-of.ts'

/** What clients and foreign writers do in one schedule after the other, on so many nodes. */
export function* workloadOf(random: SeededRandom, nodes: number, streams: number): Generator<Step, never> {
  for (let part = 0; ; part++) {
    for (const step of planOf(random.below(2 ** 31)).steps) {
      const whole = onThese(step, nodes, streams)
      if (whole === undefined) continue
      yield 'commandId' in whole ? { ...whole, commandId: `${part}-${whole.commandId}` } : whole
    }
  }
}

/** Only what lasts: whoever closes an aggregate, or stores what it does not fit, ends the work on it. */
function onThese(step: Step, nodes: number, streams: number): Step | undefined {
  switch (step.kind) {
    case 'ask':
    case 'tell':
      if (step.command.type === 'Close') return undefined
      return { ...step, node: step.node % nodes, stream: step.stream % streams }
    case 'look':
      return { ...step, node: step.node % nodes, stream: step.stream % streams }
    case 'foreign':
      return { ...step, stream: step.stream % streams }
    default:
      return undefined
  }
}
