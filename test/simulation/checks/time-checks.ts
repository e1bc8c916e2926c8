import type { Ask, History, Violation } from '../history.ts'
import { calmStream, idOfStream } from '../plan.ts'

/** Timeouts come from one wheel of 50 ms, which may be entered right after a tick. */
const lateMs = 150
/** Far more than an aggregate in peace ever needs, far less than any trouble of its neighbours lasts. */
const calmMs = 1_000

/** Invariants 8 and 9. */
export function checkTimes({ asks, calm, setBacks, blockedMs }: History, violations: Violation[]): void {
  for (const ask of asks) {
    if (ask.how === 'tell' || ask.result?.kind === 'lost') continue
    const tookMs = (ask.answeredAtMs ?? Number.POSITIVE_INFINITY) - ask.askedAtMs
    const what = `#${ask.nth} at ${ask.node} ${ask.stream} took ${tookMs} ms`
    // Each time that the clock is set back, what passed since it was last looked at cannot be known.
    if (tookMs > ask.timeoutMs + lateMs + setBacks * 50 + blockedMs) {
      violations.push({ rule: '8 by its timeout', what: `${what}; its timeout was ${ask.timeoutMs} ms` })
    }
    if (calm === 'apart' && isCalm(ask) && tookMs > calmMs + blockedMs) {
      violations.push({ rule: '9 neighbours', what: `${what}, and nothing was wrong with it` })
    }
  }
}

function isCalm({ stream }: Ask): boolean {
  return stream === `ledger-${idOfStream(calmStream)}`
}
