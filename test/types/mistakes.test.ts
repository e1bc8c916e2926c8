import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'

/**
 * Every mistake in ./mistakes stands below a `@ts-expect-error: <text>`. `npm run types` proves that it is one; here
 * the files are compiled without these comments, to prove that the message of the compiler says the text.
 */
const here = dirname(fileURLToPath(import.meta.url))
const root = resolve(here, '../..')
// As deep in the repository as the files are, so that their imports fit; its own, for several runs at a time.
const work = join(root, 'node_modules/.cache', `reenact-mistakes-${process.pid}`)

interface Expected {
  readonly file: string
  readonly line: number
  readonly text: string
}

function prepare(): readonly Expected[] {
  mkdirSync(work, { recursive: true })
  const names = readdirSync(join(here, 'mistakes'))
  const expected = names.flatMap((file) => {
    const source = readFileSync(join(here, 'mistakes', file), 'utf8')
    writeFileSync(join(work, file), source.replaceAll('@ts-expect-error', 'expected'))
    return source.split('\n').flatMap((text, index) => {
      const [, sentence] = /@ts-expect-error: (.*)/.exec(text) ?? []
      return sentence === undefined ? [] : [{ file, line: index + 2, text: sentence }]
    })
  })
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noErrorTruncation: true },
    include: [],
    files: names,
  }
  writeFileSync(join(work, 'tsconfig.json'), JSON.stringify(config))
  return expected
}

function compile(): ReadonlyMap<string, readonly string[]> {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', work, '--pretty', 'false'], {
    encoding: 'utf8',
    cwd: work,
  })
  const messages = new Map<string, string[]>()
  for (const message of stdout.split(/\n(?=\S)/)) {
    const [, file, line] = /^([\w-]+\.ts)\((\d+),/.exec(message) ?? []
    if (file === undefined) continue
    const place = `${file}:${line}`
    messages.set(place, [...(messages.get(place) ?? []), message.trim()])
  }
  return messages
}

const expected = prepare()
const messages = compile()
afterAll(() => rmSync(work, { recursive: true, force: true }))

describe('a mistake in a definition does not compile, and the message says what to do', () => {
  test.each(expected)('$file:$line $text', ({ file, line, text }) => {
    const found = messages.get(`${file}:${line}`) ?? []
    expect(found).toHaveLength(1)
    const lines = (found[0] as string).split('\n')
    // The last line of the compiler is the one that people read.
    expect(lines.at(-1)).toContain(text)
  })

  test('nothing else is wrong with these files', () => {
    const places = expected.map(({ file, line }) => `${file}:${line}`)
    expect([...messages.keys()].filter((place) => !places.includes(place))).toEqual([])
  })
})
