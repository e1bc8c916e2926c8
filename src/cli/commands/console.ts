import { start } from '../../../actors/system.ts'
import { consoleHandler } from '../../console/console-handler.ts'
import { freshToken, isLoopback, serveConsole } from '../../console/serve-console.ts'
import type { CommandContext, StoreOptions } from '../context.ts'
import { definitionsOf } from '../definitions.ts'
import { CommandFailed, exitCodes } from '../failure.ts'
import { loggerOf } from '../logger.ts'
import { lent, openedStore } from '../opened-store.ts'
import { jsonLine } from '../printable.ts'

export interface ConsoleOptions extends StoreOptions {
  readonly definitions?: string
  readonly host: string
  readonly port?: number
  readonly token?: string
}

/** Serves the console of a store, until Ctrl-C. */
export async function showConsole(
  module: string | undefined,
  options: ConsoleOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  const aggregates = await definitionsOf(module ?? options.definitions)
  const logger = loggerOf(terminal)
  const opened = await openedStore(options.store, logger)
  await using system = await start({ aggregates, store: lent(opened), logger })
  const { host, port } = options
  const token = options.token ?? (isLoopback(host) ? undefined : freshToken())
  const handler = consoleHandler(system, token === undefined ? {} : { token })
  const server = await serveConsole(handler, port === undefined ? { host } : { host, port }).catch(refused)
  // No command runs here, so the overview would stand still: what is stored is what there is to see.
  const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`
  const url = `${server.url}${query}#/aggregates`
  try {
    if (options.json) await terminal.line(jsonLine({ url }))
    else await terminal.line(`The console of ${opened.description} is at ${terminal.bold(url)} until Ctrl-C.`)
    if (!signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
    }
  } finally {
    await server.close()
  }
}

function refused(error: unknown): never {
  const { code, message } = error as NodeJS.ErrnoException
  const advice = code === 'EADDRINUSE' ? ' Choose another with --port; 0 takes any that is free.' : ''
  throw new CommandFailed(exitCodes.failed, `The console cannot be served: ${message}.${advice}`, error)
}
