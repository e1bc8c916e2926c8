import type { Plan, RecordedFault, Step } from './plan.ts'
import { planOf } from './plan-of.ts'
import { runSchedule } from './run-schedule.ts'
import { shrunk } from './shrink.ts'

const attemptsOfEach = 400

/** The shortest schedule that was found which still breaks the rule. */
export async function shrunkPlan(seed: number, rule: string): Promise<Plan> {
  const whole = planOf(seed)
  const { faults } = await runSchedule(whole)
  const breaks = async (plan: Plan): Promise<boolean> =>
    (await runSchedule(plan)).violations.some((violation) => violation.rule === rule)
  let plan: Plan = { ...whole, faults: { kind: 'exactly', faults } }
  if (!(await breaks(plan))) return whole
  // Faults first: what is left of them says which steps matter.
  plan = withFaults(plan, await shrunk(faults, (fewer) => breaks(withFaults(plan, fewer)), attemptsOfEach))
  plan = withSteps(plan, await shrunk(plan.steps, (fewer) => breaks(withSteps(plan, fewer)), attemptsOfEach))
  const { faults: rest } = plan.faults as Plan['faults'] & { kind: 'exactly' }
  plan = withFaults(plan, await shrunk(rest, (fewer) => breaks(withFaults(plan, fewer)), attemptsOfEach))
  return withDefaults(plan, breaks)
}

function withSteps(plan: Plan, steps: readonly Step[]): Plan {
  return { ...plan, steps }
}

function withFaults(plan: Plan, faults: readonly RecordedFault[]): Plan {
  return { ...plan, faults: { kind: 'exactly', faults } }
}

/** Leaves every setting at its default that does not matter. */
async function withDefaults(plan: Plan, breaks: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  const settings = await shrunk(
    Object.entries(plan.settings),
    (fewer) => breaks({ ...plan, settings: Object.fromEntries(fewer) }),
    attemptsOfEach,
  )
  return { ...plan, settings: Object.fromEntries(settings) }
}
