import { MessageChannel } from 'node:worker_threads'
import { expect, test } from 'vitest'
import type { Reports } from '../../../../src/store/eventstoredb/protocol.ts'
import { Outbox } from '../../../../src/store/eventstoredb/worker/outbox.ts'

test('everything that is reported within one turn is one message, in order, without secrets', async () => {
  const { port1, port2 } = new MessageChannel()
  const outbox = new Outbox(port2, ['hush'])
  const messages: Reports[] = []
  const arrived = new Promise<void>((resolve) => {
    port1.on('message', (reports: Reports) => {
      messages.push(reports)
      if (messages.length === 2) resolve()
    })
  })
  outbox.beforeFlush(() => outbox.answer(9, { kind: 'caughtUp' }))
  outbox.verdict({ ticket: 1, status: 'written', revision: 4, position: 100 })
  outbox.verdict({ ticket: 2, status: 'failed', failure: { kind: 'other', detail: 'with hush in it' } })
  outbox.verdict({ ticket: 3, status: 'conflict', revision: 7 })
  outbox.note({ kind: 'disconnected', failure: { kind: 'down', detail: 'hush' } })
  setImmediate(() => outbox.note({ kind: 'connected' }))
  await arrived
  port1.close()
  expect(messages).toEqual([
    {
      verdicts: [1, 0, 4, 100, 2, 2, 0, 0, 3, 1, 7, 0],
      failures: [{ kind: 'other', detail: 'with *** in it' }],
      notes: [
        { kind: 'disconnected', failure: { kind: 'down', detail: '***' } },
        { ticket: 9, kind: 'caughtUp' },
      ],
    },
    { verdicts: [], failures: [], notes: [{ kind: 'connected' }] },
  ])
})
