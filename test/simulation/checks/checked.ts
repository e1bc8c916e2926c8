import type { Violation } from '../history.ts'
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
  const violations: Violation[] = []
  const history = await world.history()
  const streams = storedStreams(history, violations)
  checkLog(history, streams, violations)
  checkAnswers(history, streams, violations)
  checkOrder(history, violations)
  checkLinearizable(history, streams, violations)
  checkLooks(history, streams, violations)
  checkTimes(history, violations)
  const store = await world.openStore()
  await checkSnapshots(store, history, streams, violations)
  await store.close()
  if (world.runtime.pendingTimers > 0) {
    violations.push({ rule: 'leak', what: `${world.runtime.pendingTimers} timers wait in the end` })
  }
  return violations
}
