import type { Plan, RecordedFault, Step } from './plan.ts'
import { planOf } from './plan-of.ts'
import { runSchedule } from './run-schedule.ts'
import { shrunk } from './shrink.ts'

const attemptsOfEach = 400
const mostRounds = 4

type Breaks = (plan: Plan) => Promise<boolean>

/** The shortest schedule that was found which still breaks the rule. */
export async function shrunkPlan(seed: number, rule: string): Promise<Plan> {
  const whole = planOf(seed)
  const { faults } = await runSchedule(whole)
  const breaks = async (plan: Plan): Promise<boolean> =>
    (await runSchedule(plan)).violations.some((violation) => violation.rule === rule)
  let plan = withFaults(whole, faults)
  if (!(await breaks(plan))) return whole
  // What is left of one says what matters of the others, so each round leaves out more.
  for (
    let round = 0, before = Number.POSITIVE_INFINITY;
    round < mostRounds && sizeOf(plan) < before;
    round++
  ) {
    before = sizeOf(plan)
    for (const pass of passes) plan = await pass(plan, breaks)
  }
  return plan
}

function sizeOf({ steps, faults, settings }: Plan): number {
  const ofFaults = faults.kind === 'exactly' ? faults.faults.length : 0
  return steps.length + ofFaults + Object.keys(settings).length
}

const passes: readonly ((plan: Plan, breaks: Breaks) => Promise<Plan>)[] = [
  async (plan, breaks) => {
    const { faults } = plan.faults as Plan['faults'] & { kind: 'exactly' }
    return withFaults(plan, await shrunk(faults, (fewer) => breaks(withFaults(plan, fewer)), attemptsOfEach))
  },
  async (plan, breaks) =>
    withSteps(plan, await shrunk(plan.steps, (fewer) => breaks(withSteps(plan, fewer)), attemptsOfEach)),
  /** Leaves every setting at its default that does not matter. */
  async (plan, breaks) => {
    const settings = await shrunk(
      Object.entries(plan.settings),
      (fewer) => breaks({ ...plan, settings: Object.fromEntries(fewer) }),
      attemptsOfEach,
    )
    return { ...plan, settings: Object.fromEntries(settings) }
  },
  /** No pause between two steps that does not matter. */
  async (plan, breaks) => {
    let { steps } = plan
    for (const [nth, step] of steps.entries()) {
      if (step.afterMs === 0 && step.tasks === 0) continue
      const calmer = steps.with(nth, { ...step, afterMs: 0, tasks: 0 })
      if (await breaks(withSteps(plan, calmer))) steps = calmer
    }
    return withSteps(plan, steps)
  },
  async (plan, breaks) => {
    const fewer = {
      ...plan,
      nodes: 1 + Math.max(0, ...plan.steps.map((step) => ('node' in step ? step.node : 0))),
    }
    return fewer.nodes < plan.nodes && (await breaks(fewer)) ? fewer : plan
  },
]

function withSteps(plan: Plan, steps: readonly Step[]): Plan {
  return { ...plan, steps }
}

function withFaults(plan: Plan, faults: readonly RecordedFault[]): Plan {
  return { ...plan, faults: { kind: 'exactly', faults } }
}
