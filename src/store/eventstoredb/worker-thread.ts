import { Worker } from 'node:worker_threads'
import { redact } from './connection-string.ts'
import type { Orders, Reports, WorkerSettings } from './protocol.ts'

/** The other end of the protocol. */
export interface ClientThread {
  post(orders: Orders): void
  /** Ends it at once; nothing more is heard of it. */
  end(): void
}

export interface ThreadListener {
  report(reports: Reports): void
  /** It ended by itself. */
  crashed(reason: string): void
  /** It printed something. */
  printed(text: string): void
}

export type StartThread = (listener: ThreadListener) => ClientThread

/**
 * The worker as it lies beside this file: compiled in the package, in TypeScript in the repository, where a few
 * lines of JavaScript load it through tsx (a worker does not inherit the loader of the main thread).
 */
const entry = new URL(
  import.meta.url.endsWith('.ts') ? './worker/from-source.mjs' : './worker/main.js',
  import.meta.url,
)

/** Variables that make the client or gRPC print what they send, the password included. */
const talkative: ReadonlySet<string> = new Set(['DEBUG', 'NODE_DEBUG', 'GRPC_TRACE', 'GRPC_VERBOSITY'])

/** Starts workers with the client of EventStoreDB. */
export function threadStarter(settings: WorkerSettings): StartThread {
  return (listener) => {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !talkative.has(name)))
    const worker = new Worker(entry, { workerData: settings, env, execArgv: [], stdout: true, stderr: true })
    let ended = false
    const safe = (text: string): string => redact(text, settings.connection.secrets)
    const crashed = (reason: string): void => {
      if (ended) return
      ended = true
      listener.crashed(safe(reason))
    }
    worker.on('message', (reports: Reports) => {
      if (!ended) listener.report(reports)
    })
    worker.on('messageerror', (error) => crashed(error.message))
    worker.on('error', (error) => crashed(error instanceof Error ? error.message : String(error)))
    worker.on('exit', (code) => crashed(`its thread ended with code ${code}`))
    for (const stream of [worker.stdout, worker.stderr]) {
      stream.on('data', (chunk) => listener.printed(safe(String(chunk).trimEnd())))
    }
    return {
      post: (orders) => worker.postMessage(orders),
      end() {
        ended = true
        void worker.terminate()
      },
    }
  }
}
