import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'esbuild'

const cache = new URL('../../node_modules/.cache/reenact-tests/', import.meta.url)

/** What cannot be put into one file, or is looked up by other ways than an import. */
const external = ['lmdb', 'nact', 'pino', '@eventstore/db-client', 'esbuild']

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
    entryPoints: [fileURLToPath(program)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['reenact-source'],
    external,
    plugins: [...plugins],
    logLevel: 'warning',
  })
  return file
}
