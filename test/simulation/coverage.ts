import type { PhaseSeen } from './phases.ts'
import type { Strike } from './strikes.ts'
import { strikesNodes, type Trouble, troubles } from './troubles.ts'

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

/** How often each trouble struck, in which phase of an aggregate, and which pairs met on one stream in one schedule. */
export class Coverage {
  readonly #strikes = new Map<string, number>()
  readonly #pairs = new Map<string, number>()

  addSchedule(strikes: readonly Strike[]): void {
    const ofStream = new Map<string, Set<Trouble>>()
    for (const { kind, phase, stream } of strikes) {
      count(this.#strikes, `${kind}/${phase}`, 1)
      // A node without the aggregate is no trouble of the aggregate.
      if (phase === 'absent' && strikesNodes(kind)) continue
      const kinds = ofStream.get(stream ?? '*')
      if (kinds === undefined) ofStream.set(stream ?? '*', new Set([kind]))
      else kinds.add(kind)
    }
    // What concerns no stream in particular meets everything.
    const everywhere = ofStream.get('*') ?? []
    const met = new Set<string>()
    for (const kinds of ofStream.values()) addPairs([...new Set([...kinds, ...everywhere])].sort(), met)
    for (const pair of met) count(this.#pairs, pair, 1)
  }

  get counts(): CoverageCounts {
    return { strikes: Object.fromEntries(this.#strikes), pairs: Object.fromEntries(this.#pairs) }
  }

  add({ strikes, pairs }: CoverageCounts): void {
    for (const [key, times] of Object.entries(strikes)) count(this.#strikes, key, times)
    for (const [key, times] of Object.entries(pairs)) count(this.#pairs, key, times)
  }

  /** Kinds of trouble that never struck. */
  get missing(): readonly Trouble[] {
    return troubles.filter((kind) => phases.every((phase) => !this.#strikes.has(`${kind}/${phase}`)))
  }

  /** Pairs of troubles that never met on one aggregate. */
  get neverMet(): readonly string[] {
    const all = new Set<string>()
    addPairs([...troubles].sort(), all)
    return [...all].filter((pair) => !this.#pairs.has(pair))
  }

  /** A table for people. */
  report(): string {
    const rows = troubles.map((kind) => {
      const counts = phases.map((phase) => this.#strikes.get(`${kind}/${phase}`) ?? 0)
      const total = counts.reduce((sum, times) => sum + times, 0)
      return [kind, total, ...counts].map((cell, nth) =>
        nth === 0 ? String(cell).padEnd(24) : String(cell).padStart(12),
      )
    })
    const head = ['trouble'.padEnd(24), ...['total', ...phases].map((name) => name.padStart(12))]
    const { neverMet } = this
    const all = (troubles.length * (troubles.length - 1)) / 2
    return [
      head.join(''),
      ...rows.map((row) => row.join('')),
      `pairs that met on one aggregate: ${all - neverMet.length} of ${all}${neverMet.length === 0 ? '' : `; never: ${listed(neverMet)}`}`,
    ].join('\n')
  }
}

function listed(pairs: readonly string[]): string {
  return `${pairs.slice(0, 40).join(', ')}${pairs.length > 40 ? ' ...' : ''}`
}

function addPairs(kinds: readonly string[], to: Set<string>): void {
  for (let nth = 0; nth < kinds.length; nth++) {
    for (let other = nth + 1; other < kinds.length; other++) to.add(`${kinds[nth]}+${kinds[other]}`)
  }
}

function count(counts: Map<string, number>, key: string, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times)
}
