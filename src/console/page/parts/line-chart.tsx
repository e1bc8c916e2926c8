import { useEffect, useRef } from 'preact/hooks'
import UPlot from 'uplot'
import type { Sample } from '../../wire.ts'

export interface Line {
  readonly label: string
  /** `null`: a gap. */
  readonly value: (sample: Sample) => number | null
  readonly format: (value: number) => string
}

interface LineChartProps {
  readonly title: string
  readonly samples: readonly Sample[]
  readonly lines: readonly Line[]
}

const height = 160
/** So that a line at 0 has whole numbers beside it. */
const leastTop = 4
const longestSeconds = 120
const shortestSeconds = 30

/** Lines over the last two minutes, and in words what they show now. */
export function LineChart({ title, samples, lines }: LineChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const plot = useRef<UPlot | undefined>(undefined)
  const newest = samples.at(-1)
  const data = useRef<UPlot.AlignedData>([[]])
  data.current = dataOf(samples, lines)

  // The lines of a chart never change.
  useEffect(() => {
    const { current: element } = place
    if (element === null) return undefined
    const draw = (): void => {
      plot.current?.destroy()
      plot.current = new UPlot(optionsOf(element, lines), data.current, element)
    }
    draw()
    const watcher = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }))
    watcher.observe(element)
    // A canvas knows no styles: in the dark it is drawn anew.
    const dark = matchMedia('(prefers-color-scheme: dark)')
    dark.addEventListener('change', draw)
    return () => {
      watcher.disconnect()
      dark.removeEventListener('change', draw)
      plot.current?.destroy()
    }
  }, [])
  useEffect(() => plot.current?.setData(data.current), [samples])

  return (
    <section class="card chart">
      <h2>{title}</h2>
      <ul class="legend">
        {lines.map(({ label, value, format }, index) => {
          const now = newest === undefined ? null : value(newest)
          return (
            <li key={label} class={`line-${index + 1}`}>
              {label} <b>{now === null ? '–' : format(now)}</b>
            </li>
          )
        })}
      </ul>
      <div ref={place} class="plot" aria-hidden="true" />
    </section>
  )
}

function dataOf(samples: readonly Sample[], lines: readonly Line[]): UPlot.AlignedData {
  const columns = lines.map(({ value }) => samples.map(value))
  return [samples.map(({ at }) => at / 1000), ...columns]
}

function optionsOf(element: HTMLElement, lines: readonly Line[]): UPlot.Options {
  const styles = getComputedStyle(element)
  const colour = (name: string): string => styles.getPropertyValue(name).trim()
  const axis: UPlot.Axis = {
    stroke: colour('--soft'),
    grid: { stroke: colour('--line'), width: 1 },
    ticks: { show: false },
    font: `11px ${styles.fontFamily}`,
  }
  const format = lines[0]?.format ?? String
  return {
    width: element.clientWidth,
    height,
    padding: [8, 24, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        range: (_plot, least, most) => {
          const end = most ?? Date.now() / 1000
          const seconds = Math.min(Math.max(end - (least ?? end), shortestSeconds), longestSeconds)
          return [end - seconds, end]
        },
      },
      y: { range: (_plot, _least, most) => [0, Math.max((most ?? 0) * 1.15, leastTop)] },
    },
    axes: [
      { ...axis, space: 60, size: 24, values: (_plot, ticks) => ticks.map(timeOfDay) },
      { ...axis, space: 32, size: 56, values: (_plot, ticks) => ticks.map((tick) => format(tick)) },
    ],
    series: [
      {},
      ...lines.map(({ label }, index) => ({
        label,
        stroke: colour(`--line-${index + 1}`),
        width: 1.5,
        points: { show: false },
        spanGaps: false,
        ...(index === 0 ? { fill: colour('--line-1-soft') } : {}),
      })),
    ],
  }
}

function timeOfDay(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB')
}
