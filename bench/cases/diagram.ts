import { spawnSync } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { diagram } from 'reenact/diagram'
import { bundled } from '../../test/support/bundle.ts'
import { type ChartShape, chartOf, chartShapes } from '../diagram/charts.ts'
import { type Figure, median, milliseconds, printTable } from '../table.ts'

const states = 60
/** What was promised: the ratio to it must be at most 1. */
const promisedMs = 1_000

/** The picture of a machine of 60 states, from the start of a process on, and in one that has drawn before. */
export async function diagrams(rounds: number): Promise<void> {
  // One file, as quick to load as what is published.
  const program = await bundled(new URL('../diagram/draw.ts', import.meta.url), 'draw')
  const figures: Figure[] = []
  for (const shape of Object.keys(chartShapes) as ChartShape[]) {
    const cold: number[] = []
    const cpu: number[] = []
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      const { status, stdout, stderr } = spawnSync(process.execPath, [program, `${states}`, shape])
      if (status !== 0) throw new Error(`It could not be drawn: ${stderr}`)
      cold.push(performance.now() - startedAt)
      cpu.push(Number(stdout))
    }
    figures.push(figureOf(`${shape}, a process of its own (CPU ${milliseconds(median(cpu))})`, median(cold)))
  }
  for (const shape of Object.keys(chartShapes) as ChartShape[]) {
    const warm: number[] = []
    for (let round = 0; round < rounds; round++) {
      const startedAt = performance.now()
      await diagram(chartOf(states, shape), { format: 'svg' })
      warm.push(performance.now() - startedAt)
    }
    figures.push(figureOf(`${shape}, drawn again and again`, median(warm)))
  }
  await rm(program)
  printTable(`The picture of a machine of ${states} states, as SVG`, figures)
}

function figureOf(what: string, taken: number): Figure {
  return {
    what,
    value: milliseconds(taken),
    against: milliseconds(promisedMs),
    ratio: taken / promisedMs,
    wanted: { atMost: 1 },
  }
}
