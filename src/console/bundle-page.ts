import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { style } from '../diagram/svg/style.ts'

const page = new URL('./page/', import.meta.url)
/** What the page is bundled with. */
const bundled = ['preact', 'uplot']

/**
 * Bundles the page from its sources: what the build puts beside the published code, and what the repository serves.
 * @returns the files by their names.
 */
export async function bundlePage(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const { outputFiles } = await build({
    entryPoints: { console: fileURLToPath(new URL('main.tsx', page)) },
    outdir: 'assets',
    write: false,
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    tsconfigRaw: {},
    logLevel: 'silent',
  })
  const files = outputFiles.map(({ path, contents }) => [basename(path), new Uint8Array(contents)] as const)
  const encoder = new TextEncoder()
  return new Map([
    ...files,
    ['index.html', new Uint8Array(await readFile(new URL('index.html', page)))],
    ['icon.svg', new Uint8Array(await readFile(new URL('icon.svg', page)))],
    // The page allows no styles within: those of its diagrams come as a file.
    ['diagram.css', encoder.encode(style)],
    ['licences.txt', encoder.encode(await licences())],
  ])
}

/** Whose work is in the bundle, as their licences ask to be said. */
async function licences(): Promise<string> {
  const { resolve } = createRequire(import.meta.url)
  const texts = bundled.map(async (name) => {
    const folder = dirname(resolve(`${name}/package.json`))
    return `${name}\n\n${await readFile(join(folder, 'LICENSE'), 'utf8')}`
  })
  return `The console holds the work of others:\n\n${(await Promise.all(texts)).join('\n\n')}`
}
