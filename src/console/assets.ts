import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'

/** A file of the page. */
export interface Asset {
  readonly body: Uint8Array<ArrayBuffer>
  readonly type: string
  /** Names the content: a browser that has it is not sent it again. */
  readonly tag: string
}

export type Assets = ReadonlyMap<string, Asset>

/** Where the build puts them: beside this module in `dist`. */
const prebuilt = new URL('./assets/', import.meta.url)

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
  txt: 'text/plain; charset=utf-8',
}

let loading: Promise<Assets> | undefined

/** The files of the page by their names, `index.html` among them; loaded once for the process. */
export function loadAssets(): Promise<Assets> {
  loading ??= load()
  return loading
}

async function load(): Promise<Assets> {
  const files = existsSync(prebuilt) ? await readPrebuilt() : await bundleNow()
  return new Map([...files].map(([name, body]) => [name, assetOf(name, body)]))
}

async function readPrebuilt(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const names = await readdir(prebuilt)
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, new Uint8Array(await readFile(new URL(name, prebuilt)))] as const),
    ),
  )
}

/** In the repository nothing has to be built first, and what is shown is what is written. */
async function bundleNow(): Promise<ReadonlyMap<string, Uint8Array<ArrayBuffer>>> {
  const { bundlePage } = await import('./bundle-page.ts')
  return bundlePage()
}

function assetOf(name: string, body: Uint8Array<ArrayBuffer>): Asset {
  const type = types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
  return { body, type, tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` }
}
