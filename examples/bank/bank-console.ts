import { type ConsoleHandler, consoleHandler, serveConsole } from 'reenact/console'
import { UsageError } from './arguments.ts'
import type { Onlooker } from './bank.ts'

export interface BankConsole extends Onlooker {
  readonly url: string
  close(): Promise<void>
}

/**
 * Serves the console of whichever system of the bank runs: the page finds the next one by itself.
 * @param signal nobody wants to look any more.
 * @throws UsageError where the port is taken.
 */
export async function bankConsole(port: number, signal: AbortSignal): Promise<BankConsole> {
  let current: ConsoleHandler | undefined
  let opened = (): void => undefined
  // Who comes before the bank has opened waits at its door.
  const opening = new Promise<void>((resolve) => {
    opened = resolve
  })
  const respond: ConsoleHandler = async (request) => {
    await opening
    return (await current?.(request)) ?? new Response(null, { status: 503 })
  }
  const server = await serveConsole(respond, { port }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new UsageError(
      `The port ${port} is taken. Choose another one with --port; 0 takes any that is free.`,
    )
  })
  return {
    url: server.url,
    close: server.close,
    watch(system) {
      current = consoleHandler(system)
      opened()
    },
    async left() {
      if (signal.aborted) return
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
    },
  }
}
