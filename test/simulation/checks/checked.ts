import type { EventStore } from '../../../src/store/event-store.ts'
import type { History, Violation } from '../history.ts'
import type { World } from '../world.ts'
import { checkAnswers } from './answer-checks.ts'
import { checkLinearizable } from './linearizable.ts'
import { checkLog } from './log-checks.ts'
import { checkOrder } from './order-checks.ts'
import { checkLooks, checkSnapshots } from './state-checks.ts'
import { storedStreams } from './stored-command.ts'
import { checkTimes } from './time-checks.ts'

/** Everything that must hold after a schedule. */
export async function checked(world: World): Promise<readonly Violation[]> {
  const history = await world.history()
  const violations: Violation[] = []
  checkTimes(history, violations)
  checkLeaks(world, violations)
  const store = await world.openStore()
  violations.push(...(await checkedHistory(history, store)))
  await store.close()
  return violations
}

/** What must hold of any history, of a simulated store or a real one. */
export async function checkedHistory(history: History, store: EventStore): Promise<readonly Violation[]> {
  const violations: Violation[] = []
  const streams = storedStreams(history, violations)
  checkLog(history, streams, violations)
  checkAnswers(history, streams, violations)
  checkOrder(history, violations)
  checkLinearizable(history, streams, violations)
  checkLooks(history, streams, violations)
  await checkSnapshots(store, history, streams, violations)
  return violations
}

/** Everybody has stopped: nothing waits, and nobody holds the store or listens to it. */
function checkLeaks({ runtime, store }: World, violations: Violation[]): void {
  const left = {
    timers: runtime.pendingTimers,
    'tasks that are ready to run': runtime.readyTasks,
    'handles of the store': store.openHandles,
    'subscriptions of the store': store.openSubscriptions,
    'effects under way in the store': store.underWay,
  }
  for (const [what, count] of Object.entries(left)) {
    if (count > 0) violations.push({ rule: 'leak', what: `in the end there are ${count} ${what}` })
  }
}
