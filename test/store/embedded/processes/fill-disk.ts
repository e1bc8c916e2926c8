/* Appends until the store refuses; to be run with a limit of the file size. Argument: path. */
import { systemRuntime } from '../../../../src/runtime.ts'
import { embeddedStore } from '../../../../src/store/embedded/embedded-store.ts'
import type { Verdict } from '../../../../src/store/event-store.ts'
import { silentLogger } from '../../../../src/testing/silent-logger.ts'

// The signal of the limit ends a process that does not listen to it; a full disk sends none.
process.on('SIGXFSZ', () => undefined)

const path = process.argv[2] ?? ''
const store = await embeddedStore({ path }).open({
  runtime: systemRuntime,
  logger: silentLogger,
  system: 'system',
})
const json = JSON.stringify({ text: 'x'.repeat(50_000) })
let written = 0
let refusal: string | undefined
while (refusal === undefined) {
  const commandId = `command-${written}`
  const origin = {
    commandId,
    commandType: 'Do',
    count: 1,
    system: 'system',
    correlationId: commandId,
    causationId: commandId,
  }
  const verdict = await new Promise<Verdict>((resolve) => {
    store.append(
      [
        {
          id: commandId,
          stream: 'a-1',
          expectedRevision: written - 1,
          commands: [{ schemaVersion: 1, origin, events: [{ type: 'Done', json }] }],
        },
      ],
      (_, settled) => resolve(settled),
    )
  })
  if (verdict.status === 'written') written++
  else refusal = verdict.status === 'refused' ? verdict.error.message : verdict.status
}
let read = 0
for await (const page of store.readStream('a-1')) read += page.length
await store.close()
process.stdout.write(JSON.stringify({ written, refusal, read }))
