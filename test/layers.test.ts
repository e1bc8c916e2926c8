import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

/** The list of CONTRIBUTING.md: who may import whom. */
const layers: ReadonlyMap<string, readonly string[]> = (() => {
  const [, section = ''] = readFileSync('CONTRIBUTING.md', 'utf8').split('Who may import whom')
  const [, block = ''] = section.split('```')
  return new Map(
    Array.from(block.matchAll(/^(\S+) +-> (.+)$/gm), ([, name = '', allowed = '']) => [
      name,
      allowed === 'nothing' ? [] : allowed.split(', '),
    ]),
  )
})()

/** The line that a file belongs to: the longest name that it lies below. */
function layerOf(path: string): string {
  const above = [...layers.keys()].filter((name) => path.startsWith(`${name}/`) || path === `${name}.ts`)
  return above.sort((a, b) => b.length - a.length)[0] ?? path
}

/** What a file imports: layers of the house, and packages by their names. */
function importsOf(path: string): readonly string[] {
  const source = readFileSync(path, 'utf8')
  const named = source.matchAll(
    /^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm,
  )
  return Array.from(named, ([, from, loaded, plain]) => from ?? loaded ?? plain ?? '')
    .filter((target) => !target.startsWith('node:'))
    .map((target) => {
      if (target.startsWith('.')) return layerOf(join(dirname(path), target))
      return target.split('/', target.startsWith('@') ? 2 : 1).join('/')
    })
}

const files = ['src', 'actors']
  .flatMap((root) => readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)))
  .filter((path) => /\.tsx?$/.test(path) && path !== 'src/index.ts')

describe('CONTRIBUTING says who may import whom', () => {
  test.each([...layers])('%s', (layer, allowed) => {
    const own = files.filter((path) => layerOf(path) === layer)
    expect(own).not.toEqual([])
    const others = own.flatMap((path) =>
      importsOf(path)
        .filter((target) => target !== layer && !allowed.includes(target))
        .map((target) => `${path} imports ${target}`),
    )
    expect(others).toEqual([])
  })

  test('of every file', () => {
    expect(files.filter((path) => !layers.has(layerOf(path)))).toEqual([])
  })
})
