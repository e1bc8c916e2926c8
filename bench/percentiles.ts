import { type Figure, median, milliseconds } from './table.ts'

/** How long something took, in milliseconds. */
export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
}

/** The middle p99 of what several processes measured, against the most that it may be, with each of them to look at. */
export function middleP99(
  measured: readonly Percentiles[],
  mostMs: number,
): Required<Pick<Figure, 'value' | 'against' | 'ratio'>> {
  const p99 = median(measured.map((one) => one.p99))
  const p50 = median(measured.map((one) => one.p50))
  const max = Math.max(...measured.map((one) => one.max))
  const each = measured.map((one) => one.p99.toFixed(1)).join(', ')
  return {
    value: milliseconds(p99),
    against: `${mostMs} ms; of ${each}; p50 ${milliseconds(p50)}, max ${milliseconds(max)}`,
    ratio: p99 / mostMs,
  }
}
