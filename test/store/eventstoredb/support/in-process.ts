import { MessageChannel } from 'node:worker_threads'
import type { Orders, Reports, WorkerSettings } from '../../../../src/store/eventstoredb/protocol.ts'
import { Outbox } from '../../../../src/store/eventstoredb/worker/outbox.ts'
import { Session } from '../../../../src/store/eventstoredb/worker/session.ts'
import type { StartThread } from '../../../../src/store/eventstoredb/worker-thread.ts'

/**
 * The worker's session in this thread, behind a message port as ever: a thread takes half a second to load its
 * TypeScript, which most tests need not wait for. What the thread itself is good for is tested with real ones.
 */
export function inProcess(settings: WorkerSettings): StartThread {
  return (listener) => {
    const { port1, port2 } = new MessageChannel()
    const session = new Session(settings, new Outbox(port2, settings.connection.secrets))
    port2.on('message', (orders: Orders) => session.take(orders))
    port1.on('message', (reports: Reports) => listener.report(reports))
    return {
      post: (orders) => port1.postMessage(orders),
      end() {
        port1.close()
        session.end()
      },
    }
  }
}
