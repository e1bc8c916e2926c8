import { StoreUnavailable } from '../../errors.ts'
import type { StoreProvider } from '../event-store.ts'

export interface EmbeddedStoreOptions {
  /** The folder that holds the data. It is made if it does not exist. */
  readonly path: string
  /**
   * How often a subscription looks for what other processes have written, in milliseconds. What this process writes
   * is delivered at once. Default: 20.
   */
  readonly pollIntervalMs?: number
}

const defaultPollIntervalMs = 20

/**
 * A store in a folder of this machine (lmdb): durable before it answers, and nothing to install or to run.
 *
 * - What was acknowledged is found again, whatever ends the process, or the machine.
 * - Several processes may open the same folder at once; each sees at once what the others have written, and only what
 *   is on disk. The folder must be on a local disk, not on a network share.
 * - Appends that come while one is being written go to disk together.
 *
 * @example const system = await start({ aggregates: [account], store: embeddedStore({ path: './data' }) })
 */
export function embeddedStore({ path, pollIntervalMs }: EmbeddedStoreOptions): StoreProvider {
  return {
    description: `embedded ${path}`,
    open: async (context) => {
      // Loaded when it is needed, so that a program which only names this store does not load lmdb's binary.
      const { openEmbedded } = await import('./embedded-handle.ts').catch((cause: unknown) => {
        throw new StoreUnavailable(
          `The embedded store '${path}' could not be opened: lmdb cannot be loaded here.`,
          'Install the dependencies for this platform again, optional ones included.',
          cause,
        )
      })
      return openEmbedded(path, pollIntervalMs ?? defaultPollIntervalMs, context)
    },
  }
}
