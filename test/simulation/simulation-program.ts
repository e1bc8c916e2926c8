import type { Plugin } from 'esbuild'
import { bundled } from '../support/bundle.ts'

/** `worker.ts` as one file, for a farm; the caller removes it in the end. */
export function bundledWorker(name = 'healthy', plugins: readonly Plugin[] = []): Promise<string> {
  return bundled(new URL('./worker.ts', import.meta.url), `simulation-${name}`, plugins)
}

/** `replay-main.ts` as one file; the caller removes it in the end. */
export function bundledReplay(plugins: readonly Plugin[] = []): Promise<string> {
  return bundled(new URL('./replay-main.ts', import.meta.url), 'simulation-replay', plugins)
}
