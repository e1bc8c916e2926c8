import { rm, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const cache = new URL('../../../../node_modules/.cache/reenact-tests/', import.meta.url)

/** A program that works on an EventStoreDB, in two files: its own, and that of the store's thread beside it. */
export interface Program {
  readonly file: string
  remove(): Promise<void>
}

/** Makes a program of this folder ready to be started, which takes a fifth of the time that its modules take. */
export async function programOf(name: string): Promise<Program> {
  const folder = fileURLToPath(new URL(`${process.pid}-${name}`, cache))
  await build({
    entryPoints: [
      { in: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)), out: name },
      {
        in: fileURLToPath(new URL('../../../../src/store/eventstoredb/worker/main.ts', import.meta.url)),
        out: 'worker/main',
      },
    ],
    outdir: folder,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['reenact-source'],
    external: ['lmdb', 'nact', 'pino', '@eventstore/db-client'],
    logLevel: 'warning',
  })
  await writeFile(`${folder}/package.json`, '{"type":"module"}')
  return { file: `${folder}/${name}.js`, remove: () => rm(folder, { recursive: true, force: true }) }
}
