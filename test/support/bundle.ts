import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const cache = new URL('../../node_modules/.cache/reenact-tests/', import.meta.url)

/** What cannot be put into one file, or is looked up by other ways than an import. */
const external = ['lmdb', 'nact', 'pino', '@eventstore/db-client', 'esbuild']

const options: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  conditions: ['reenact-source'],
  external,
  logLevel: 'warning',
}

/**
 * Makes one file of a program, which starts in a fifth of the time that its modules take, and runs faster than what
 * is compiled on the way.
 * @param name of the program among those of this process.
 * @param plugins see or change the sources.
 * @returns the file; beside the installed packages, so that it finds those that cannot be put into it.
 */
export async function bundled(
  program: string | URL,
  name: string,
  plugins: readonly Plugin[] = [],
): Promise<string> {
  const file = fileURLToPath(new URL(`${process.pid}-${name}.mjs`, cache))
  await build({
    ...options,
    entryPoints: [fileURLToPath(program)],
    outfile: file,
    plugins: [...plugins],
  })
  return file
}

/** A program that may work on EventStoreDB: its file, and beside it that of the store's thread. */
export interface BundledFolder {
  readonly file: string
  remove(): Promise<void>
}

/** As `bundled`, for a program that may work on EventStoreDB. */
export async function bundledWithThread(
  program: URL,
  name: string,
  plugins: readonly Plugin[] = [],
): Promise<BundledFolder> {
  const folder = fileURLToPath(new URL(`${process.pid}-${name}`, cache))
  const thread = new URL('../../src/store/eventstoredb/worker/main.ts', import.meta.url)
  await build({
    ...options,
    entryPoints: [
      { in: fileURLToPath(program), out: 'program' },
      { in: fileURLToPath(thread), out: 'worker/main' },
    ],
    outdir: folder,
    plugins: [...plugins],
  })
  await writeFile(`${folder}/package.json`, '{"type":"module"}')
  return { file: `${folder}/program.js`, remove: () => rm(folder, { recursive: true, force: true }) }
}
