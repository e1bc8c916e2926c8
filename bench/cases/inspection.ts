import { readFile, rm } from 'node:fs/promises'
import type { Plugin } from 'esbuild'
import { bundled } from '../../test/support/bundle.ts'
import type { Audience, LoadedBank } from '../inspection/loaded-bank.ts'
import { collectGarbage } from '../load.ts'
import { type Figure, median, printTable, rate } from '../table.ts'

/** Few, in many rounds: what disturbs one round is gone in the next. */
const commands = 4_000
const manyCommands = 2_000_000

type Program = { loadedBank(audience: Audience): Promise<LoadedBank> }

/** The runtime without a trace of inspection: every question whether somebody listens is answered beforehand. */
const withoutInspection: Plugin = {
  name: 'without-inspection',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]actors[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = source.replaceAll(
        /\b(?:(?:\w+\.)?environment\.)?inspection\.active(?:ForTrouble|ForSteps)?\b/g,
        'false',
      )
      return { contents, loader: 'ts' }
    })
  },
}

/**
 * A copy of the runtime for each audience: one that is looked at must not teach the engine what the other one runs.
 */
async function copyFor(name: string, plugins: readonly Plugin[] = []): Promise<Program> {
  const source = new URL('../inspection/loaded-bank.ts', import.meta.url)
  const file = await bundled(source, name, plugins)
  const program = (await import(file)) as Program
  await rm(file)
  return program
}

/**
 * What it costs that a system can be looked at, and what it costs to look: the CPU of a command, in pairs of rounds
 * that are one after the other in one process, so that whatever else the machine does it does to both.
 */
export async function inspection(rounds: number): Promise<void> {
  const banks = {
    bare: await (await copyFor('bare', [withoutInspection])).loadedBank('nobody'),
    nobody: await (await copyFor('nobody')).loadedBank('nobody'),
    listener: await (await copyFor('listener')).loadedBank('listener'),
    counter: await (await copyFor('counter')).loadedBank('counter'),
    overview: await (await copyFor('overview')).loadedBank('console: overview'),
    log: await (await copyFor('log')).loadedBank('console: log'),
  }
  type Name = keyof typeof banks
  const costs: Record<Name, number[]> = {
    bare: [],
    nobody: [],
    listener: [],
    counter: [],
    overview: [],
    log: [],
  }
  const names = Object.keys(banks) as Name[]
  for (let round = -3; round < rounds; round++) {
    // Whoever comes first in a round meets another machine than the last: they take turns in it. The first warm up.
    const turn = ((round % names.length) + names.length) % names.length
    collectGarbage()
    for (const name of [...names.slice(turn), ...names.slice(0, turn)]) {
      const { cpuNanoseconds } = await banks[name].deposits(commands)
      if (round >= 0) costs[name].push(cpuNanoseconds)
    }
  }
  const figure = (what: string, name: Name, against: Name, label: string, atLeast?: number): Figure => ({
    what,
    value: rate(1e9 / median(costs[name])),
    against: `${label} ${rate(1e9 / median(costs[against]))}`,
    ratio: median(costs[name].map((cost, round) => costs[against][round]! / cost)),
    ...(atLeast === undefined ? {} : { wanted: { atLeast } }),
  })
  const figures = [
    figure('inspection compiled in, nobody listens', 'nobody', 'bare', 'without any inspection', 0.98),
    figure('a listener to everything', 'listener', 'nobody', 'nobody listens'),
    figure('a listener to results', 'counter', 'nobody', 'nobody listens'),
    figure('the console open at its overview', 'overview', 'nobody', 'nobody listens', 0.85),
    figure('the console open at the log, followed', 'log', 'nobody', 'nobody listens'),
  ]
  for (const name of names) if (name !== 'log') await banks[name].close()
  figures.push(await memoryOf(banks.log))
  await banks.log.close()
  printTable(`Commands per second of CPU (median of ${rounds} pairs)`, figures)
}

/** The heap after many commands with the console open, against that after a tenth of them. */
async function memoryOf(bank: LoadedBank): Promise<Figure> {
  await bank.deposits(manyCommands / 10)
  const early = heap()
  await bank.deposits(manyCommands - manyCommands / 10)
  const late = heap()
  const megabytes = (bytes: number): string => `${(bytes / 1024 ** 2).toFixed(1)} MB`
  return {
    what: `heap with the console open, after ${manyCommands.toLocaleString('en')} commands`,
    value: megabytes(late),
    against: `after a tenth of them ${megabytes(early)}`,
    ratio: late / early,
    wanted: { atMost: 1.2 },
  }
}

function heap(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}
