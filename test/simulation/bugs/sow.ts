import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import type { Bug } from './bugs.ts'

const repository = fileURLToPath(new URL('../../../', import.meta.url))

/** The file with the bug in it. @throws where the code to be changed is not there exactly once. */
export function withBug({ name, file, find, replace }: Bug): string {
  const text = readFileSync(resolve(repository, file), 'utf8')
  const places = text.split(find).length - 1
  if (places !== 1) {
    throw new Error(
      `The bug '${name}' finds its code ${places} times in ${file}. The code has changed: let the bug follow it.`,
    )
  }
  return text.replace(find, () => replace)
}

/** Lets a bundle have the bug; the file itself stays as it is. */
export function sowing(bug: Bug): Plugin {
  const sick = resolve(repository, bug.file)
  const contents = withBug(bug)
  return {
    name: bug.name,
    setup: (build) =>
      build.onLoad({ filter: /\.ts$/ }, ({ path }) =>
        path === sick ? { contents, loader: 'ts' } : undefined,
      ),
  }
}
