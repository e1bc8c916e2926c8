import { actorsOfAWorld } from './actors-of-a-world.ts'
import { checked } from './checks/checked.ts'
import { perform } from './deeds.ts'
import type { Figures } from './figures.ts'
import { figuresOf } from './figures-of.ts'
import type { Violation } from './history.ts'
import type { Node } from './node.ts'
import type { Plan, RecordedFault } from './plan.ts'
import { planOf } from './plan-of.ts'
import type { Strike } from './strikes.ts'
import { World } from './world.ts'

/** What became of a schedule. */
export interface ScheduleResult {
  readonly violations: readonly Violation[]
  /** The faults that struck, so that the same schedule can be run again without chance. */
  readonly faults: readonly RecordedFault[]
  readonly strikes: readonly Strike[]
  readonly figures: Figures
  /** Only where it was traced. */
  readonly trace: readonly string[]
}

/** How long the world may take, once it is healed, until every client knows its answer. */
const patienceMs = 15 * 60_000

let schedules: Promise<unknown> = Promise.resolve()

/**
 * Runs the schedule of a seed, or a given plan, and checks everything. One after the other, however many are asked
 * for at once: a schedule has the event loop of its process to itself.
 */
export function runSchedule(
  plan: Plan | number,
  traced: 'traced' | 'silent' = 'silent',
): Promise<ScheduleResult> {
  const result = schedules.then(() => run(plan, traced))
  schedules = result.catch(() => undefined)
  return result
}

async function run(plan: Plan | number, traced: 'traced' | 'silent'): Promise<ScheduleResult> {
  const world = new World(typeof plan === 'number' ? planOf(plan) : plan, traced)
  const { runtime, violations } = world
  const disposables = [runtime.captureImmediates(), actorsOfAWorld()]
  const onUnhandled = (error: unknown): void => {
    violations.push({
      rule: 'unhandled',
      what: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  }
  process.on('unhandledRejection', onUnhandled)
  process.on('uncaughtException', onUnhandled)
  try {
    await live(world)
    violations.push(...(await checked(world)))
  } catch (error) {
    violations.push({
      rule: 'simulation',
      what: error instanceof Error ? (error.stack ?? error.message) : String(error),
    })
  } finally {
    for (const disposable of disposables) disposable[Symbol.dispose]()
    // Node tells of unhandled rejections only in a turn of its loop.
    await new Promise<void>((resolve) => void setImmediate(resolve))
    process.off('unhandledRejection', onUnhandled)
    process.off('uncaughtException', onUnhandled)
  }
  return {
    violations,
    faults: world.tape.recorded,
    strikes: world.strikes.all,
    figures: figuresOf(world),
    trace: world.trace?.lines ?? [],
  }
}

async function live(world: World): Promise<void> {
  const { runtime, plan, clients, store, nodes, violations } = world
  await world.start()
  for (const step of plan.steps) {
    if (step.afterMs > 0) await runtime.advance(step.afterMs)
    else await runtime.runTasks(step.tasks)
    perform(world, step)
  }
  await runtime.settle()
  world.heal()
  const latest = runtime.elapsedMs + patienceMs
  const isOver = (): boolean => clients.waiting === 0 && store.underWay === 0 && nodes.every(isAtRest)
  await runtime.settle()
  while (!isOver() && runtime.elapsedMs < latest && (await runtime.advanceToNextTimer()));
  if (!isOver()) violations.push({ rule: '4 settled', what: stuckness(world) })
  for (const [nth] of nodes.entries()) {
    for (let stream = 0; stream < plan.streams; stream++) await runtime.run(world.look(nth, stream))
  }
  await runtime.run(Promise.all(nodes.map((node) => node.retire())))
  await world.end()
  await runtime.runUntilIdle()
}

function stuckness({ clients, store, nodes }: World): string {
  const stuck = clients.asks.filter(({ result, how }) => result === undefined && how === 'ask')
  const first = stuck.slice(0, 3).map(({ nth, node, stream }) => `#${nth} at ${node} ${stream}`)
  const restless = nodes
    .filter((node) => !isAtRest(node))
    .map(
      ({ name, system }) => `${name} ${system === undefined ? 'is down' : JSON.stringify(system.metrics())}`,
    )
  return `${clients.waiting} clients still wait (${first.join(', ')}); ${store.underWay} under way in the store; ${restless.join(', ')}`
}

/** Commands whose callers have gone may still wait for the store; that must end, too. */
function isAtRest({ system }: Node): boolean {
  if (system === undefined) return false
  const { outstanding, outstandingBytes, recovering } = system.metrics()
  return outstanding + outstandingBytes + recovering === 0
}
