import { mkdir, writeFile } from 'node:fs/promises'
import { bundlePage } from './bundle-page.ts'

/** A step of the build: the page goes beside the compiled handler, where `assets.ts` looks for it. */
const folder = new URL('../../dist/src/console/assets/', import.meta.url)

await mkdir(folder, { recursive: true })
for (const [name, body] of await bundlePage()) await writeFile(new URL(name, folder), body)
