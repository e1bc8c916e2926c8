import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { diagrams } from './cases/diagram.ts'
import { emmettComparison } from './cases/emmett.ts'
import { eventStore } from './cases/eventstoredb.ts'
import { flatness } from './cases/flatness.ts'
import { idleMemory } from './cases/idle-memory.ts'
import { inspection } from './cases/inspection.ts'
import { latency } from './cases/latency.ts'
import { loopDelay } from './cases/loop-delay.ts'
import { rehydration } from './cases/rehydration.ts'
import { survivors } from './cases/survivors.ts'
import { throughput } from './cases/throughput.ts'
import { timeTravel } from './cases/time-travel.ts'
import { wayOfACommand } from './cases/way.ts'
import { kernelFigures } from './kernel.ts'
import { appendFigures, replayFigures } from './store.ts'
import { printTable } from './table.ts'

/** Each case runs in a process of its own: the heap that one leaves must not be the next one's burden. */
const cases: Readonly<Record<string, () => Promise<void>>> = {
  kernel: async () => printTable('Kernel: decide and evolve of one command', kernelFigures()),
  store: async () => {
    printTable('Stores: appends in batches of 1,000, durable before the next', await appendFigures())
    printTable('Stores: reading back', await replayFigures())
  },
  throughput: () => throughput(5),
  way: wayOfACommand,
  flatness,
  latency: () => latency(5),
  survivors: () => survivors(5),
  'loop-delay': () => loopDelay(5),
  rehydration: () => rehydration(9),
  inspection: () => inspection(100),
  'time-travel': () => timeTravel(5),
  diagram: () => diagrams(3),
  'idle-memory': () => idleMemory(1_000_000),
  emmett: () => emmettComparison(3),
  eventstoredb: () => eventStore(3),
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    inside: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

if (values.help) {
  console.log(`npm run bench [-- CASE ...]\nCases: ${Object.keys(cases).join(', ')}. Default: all.`)
} else if (values.inside) {
  await cases[positionals[0] ?? '']?.()
} else {
  for (const name of positionals.length > 0 ? positionals : Object.keys(cases)) {
    if (!(name in cases))
      throw new Error(`There is no case '${name}'. Cases: ${Object.keys(cases).join(', ')}.`)
    // Room for a million aggregates; a heap that needs less takes less.
    const flags = [
      '--expose-gc',
      '--max-old-space-size=8192',
      '--conditions=reenact-source',
      '--import',
      'tsx',
    ]
    const { status } = spawnSync(process.execPath, [...flags, import.meta.filename, '--inside', name], {
      stdio: 'inherit',
      env: { ...process.env, NODE_ENV: 'production' },
    })
    if (status !== 0) process.exitCode = 1
  }
}
