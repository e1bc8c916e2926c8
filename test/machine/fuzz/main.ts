import { inspect, parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

/** npm run fuzz -- --steps 1000000 [--seed 1] [--judge oracle|interpreter] */
const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '100000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    judge: { type: 'string', default: 'oracle' },
  },
})
const started = Date.now()
const report = fuzz({
  seed: Number(values.seed),
  steps: Number(values.steps),
  judge: values.judge === 'interpreter' ? 'interpreter' : 'oracle',
})
const seconds = ((Date.now() - started) / 1000).toFixed(1)
console.log(`seed ${values.seed}, ${report.machines} machines, ${report.steps} steps, ${seconds} s`)
console.log(inspect({ interpreted: report.interpreted, ...report.seen }))
if (report.difference !== undefined) {
  console.log(inspect(report.difference, { depth: 8 }))
  console.log(`See it again: --seed ${report.difference.seed} --steps 1`)
  process.exitCode = 1
} else {
  console.log('no difference')
}
