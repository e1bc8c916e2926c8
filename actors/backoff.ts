import type { Runtime } from '../src/runtime.ts'

/** How long to wait before attempt 1, 2, 3 ...: doubling from `firstMs` to at most `mostMs`, half of it random. */
export interface Backoff {
  readonly firstMs: number
  readonly mostMs: number
}

/**
 * The random half keeps the losers of one conflict from meeting again at the same instant ("equal jitter", AWS
 * Architecture Blog, "Exponential Backoff And Jitter", 2015).
 */
export function backoffDelay(runtime: Runtime, backoff: Backoff, attempt: number): number {
  const full = Math.min(backoff.mostMs, backoff.firstMs * 2 ** Math.min(attempt - 1, 30))
  return full / 2 + runtime.random() * (full / 2)
}
