/** One figure, with what it is measured against in the same run. */
export interface Figure {
  readonly what: string
  /** The figure itself, for reading: `512,000/s`. */
  readonly value: string
  /** What it is held against: a ceiling or a peer of the same run. */
  readonly against?: string
  readonly ratio?: number
  /** What was promised of the ratio. */
  readonly wanted?: { readonly atLeast: number } | { readonly atMost: number } | undefined
}

const integers = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })

export function rate(perSecond: number): string {
  return `${integers.format(perSecond)}/s`
}

export function bytes(count: number): string {
  return `${integers.format(count)} B`
}

export function milliseconds(count: number): string {
  return `${count.toFixed(count < 10 ? 2 : 1)} ms`
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2
}

function verdictOf(figure: Figure): string {
  const { ratio, wanted } = figure
  if (wanted === undefined || ratio === undefined) return ''
  const holds = 'atLeast' in wanted ? ratio >= wanted.atLeast : ratio <= wanted.atMost
  const bound = 'atLeast' in wanted ? `>= ${wanted.atLeast}` : `<= ${wanted.atMost}`
  return `${bound} ${holds ? 'holds' : 'MISSED'}`
}

export function printTable(title: string, figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.what,
    figure.value,
    figure.against ?? '',
    figure.ratio === undefined ? '' : figure.ratio.toFixed(2),
    verdictOf(figure),
  ])
  const all = [['figure', 'value', 'against (same run)', 'ratio', 'wanted'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  console.log(`\n${title}`)
  for (const row of all) {
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd())
  }
}
