import { start } from 'reenact'
import { seat } from './seat.ts'

await using system = await start({ aggregates: [seat] }) // keeps its events in ./.reenact
const window = system.get(seat, 'flight 7, 12A')

const [ann, bob] = await Promise.all([
  window.ask({ type: 'Reserve', guest: 'Ann' }),
  window.ask({ type: 'Reserve', guest: 'Bob' }),
])
console.log(`Ann: ${ann.status}, Bob: ${bob.status === 'rejected' ? bob.message : bob.status}`)

const { value, context, revision } = await window.state()
console.log(`${value} by ${context.guest}, revision ${revision}`)
