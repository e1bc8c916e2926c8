import { diagram } from 'reenact/diagram'
import { type ChartShape, chartOf } from './charts.ts'

// A process that draws one chart: what somebody waits for at a prompt.
const [states, shape] = process.argv.slice(2)
const svg = await diagram(chartOf(Number(states), shape as ChartShape), { format: 'svg' })
if (!svg.startsWith('<svg')) throw new Error(`That is no picture: ${svg.slice(0, 80)}`)
const { user, system } = process.cpuUsage()
process.stdout.write(`${(user + system) / 1000}`)
