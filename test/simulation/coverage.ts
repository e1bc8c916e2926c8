import type { CountedFault } from '../../src/testing/index.ts'
import { faultKinds } from '../../src/testing/index.ts'
import type { PhaseSeen } from './phases.ts'
import type { Strike } from './world.ts'

const phases: readonly PhaseSeen[] = [
  'absent',
  'recovering',
  'running',
  'in flight',
  'unsettled',
  'quarantined',
]

/** Coverage as it travels between processes. */
export interface CoverageCounts {
  readonly strikes: Readonly<Record<string, number>>
  readonly pairs: Readonly<Record<string, number>>
}

/** How often each fault struck, in which phase of an aggregate, and which pairs met on one stream in one schedule. */
export class Coverage {
  readonly #strikes = new Map<string, number>()
  readonly #pairs = new Map<string, number>()

  addSchedule(strikes: readonly Strike[]): void {
    const ofStream = new Map<string, Set<CountedFault>>()
    for (const { kind, phase, stream } of strikes) {
      count(this.#strikes, `${kind}/${phase}`, 1)
      const kinds = ofStream.get(stream ?? '*') ?? new Set()
      ofStream.set(stream ?? '*', kinds.add(kind))
    }
    // What concerns no stream in particular meets everything.
    const everywhere = ofStream.get('*') ?? []
    const met = new Set(
      [...ofStream.values()].flatMap((kinds) => pairsOf([...new Set([...kinds, ...everywhere])].sort())),
    )
    for (const pair of met) count(this.#pairs, pair, 1)
  }

  get counts(): CoverageCounts {
    return { strikes: Object.fromEntries(this.#strikes), pairs: Object.fromEntries(this.#pairs) }
  }

  add({ strikes, pairs }: CoverageCounts): void {
    for (const [key, times] of Object.entries(strikes)) count(this.#strikes, key, times)
    for (const [key, times] of Object.entries(pairs)) count(this.#pairs, key, times)
  }

  /** A table for people. */
  report(): string {
    const kinds = [...faultKinds, 'droppedRepeat', 'conflictWithUncommitted', 'outage']
    const rows = kinds.map((kind) => {
      const counts = phases.map((phase) => this.#strikes.get(`${kind}/${phase}`) ?? 0)
      const total = counts.reduce((sum, times) => sum + times, 0)
      return [kind, total, ...counts].map((cell, nth) =>
        nth === 0 ? String(cell).padEnd(24) : String(cell).padStart(12),
      )
    })
    const head = ['fault'.padEnd(24), ...['total', ...phases].map((name) => name.padStart(12))]
    const never = pairsOf([...faultKinds].sort()).filter((pair) => !this.#pairs.has(pair))
    return [
      head.join(''),
      ...rows.map((row) => row.join('')),
      `pairs of faults that met on one aggregate: ${this.#pairs.size}; injected pairs that never met: ${never.length}${never.length > 0 ? ` (${never.slice(0, 40).join(', ')}${never.length > 40 ? ' ...' : ''})` : ''}`,
    ].join('\n')
  }
}

function pairsOf(kinds: readonly string[]): string[] {
  return kinds.flatMap((kind, nth) => kinds.slice(nth + 1).map((other) => `${kind}+${other}`))
}

function count(counts: Map<string, number>, key: string, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times)
}
