import { memoryStore, start } from 'reenact'
import { type ConsoleHandler, consoleHandler } from 'reenact/console'
import { counter } from './counter.ts'

await using system = await start({ aggregates: [counter], store: memoryStore() })
const handler: ConsoleHandler = consoleHandler(system, { path: '/console' })
for (const path of ['', 'console.js', 'console.css', 'api/chart?aggregate=counter']) {
  const { status, headers } = await handler(new Request(`http://localhost/console/${path}`))
  console.log(status, headers.get('content-type'))
}
