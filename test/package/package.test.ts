import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const consumer = fileURLToPath(new URL('./consumer/', import.meta.url))

let folder: string
let packed: readonly string[]
const inFolder = (command: string, ...args: readonly string[]) => run(command, args, { cwd: folder })

// What a user does: install the package where nothing else is.
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'package-'))
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root })
  const [{ filename, files }] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }]
  packed = files.map(({ path }) => path)
  const { devDependencies, dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const wanted = {
    reenact: `file:${filename}`,
    xstate: dependencies.xstate,
    zod: devDependencies.zod,
    '@types/node': devDependencies['@types/node'],
  }
  await cp(consumer, folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies: wanted }))
  await inFolder('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts')
}, 120_000)
afterAll(() => rm(folder, { recursive: true, force: true }))

/** As a user's build does: strictly, against the declarations of the package. */
async function compile(file: string): Promise<void> {
  const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  const options = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--target', 'ES2022']
  const modules = ['--module', 'NodeNext', '--rewriteRelativeImportExtensions', '--types', 'node']
  const disposable = ['--lib', 'ES2023,ESNext.Disposable']
  await inFolder(process.execPath, compiler, ...options, ...modules, ...disposable, file).catch((error) =>
    expect.fail(error.stdout),
  )
}

describe('the packed and installed package', () => {
  test('holds what runs, its sources for the debugger, and no tests', () => {
    expect(packed).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/src/index.js', 'src/index.ts']),
    )
    expect(packed.filter((path) => /^(test|bench|examples|node_modules)\//.test(path))).toEqual([])
  })

  test('each of its subpaths can be imported', async () => {
    const { exports } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    const names = Object.keys(exports)
      .filter((path) => !path.endsWith('.json'))
      .map((path) => path.replace('.', 'reenact'))
    expect(names).toContain('reenact/testing')
    const imports = names.map((name) => `console.log(Object.keys(await import('${name}')).length > 0)`)
    const { stdout } = await inFolder('node', '--input-type=module', '--eval', imports.join('\n'))
    expect(stdout.trim().split('\n')).toEqual(names.map(() => 'true'))
  })

  test('a program of a user is typed by it, strictly, and runs on every store that needs no server', async () => {
    await compile('main.ts')
    expect((await inFolder('node', 'main.js')).stdout).toBe('2 2 2\n')
  })

  test('its console brings its page, and needs nothing to make it', async () => {
    await compile('console.ts')
    const { stdout } = await inFolder('node', 'console.js')
    expect(stdout.trim().split('\n')).toEqual([
      '200 text/html; charset=utf-8',
      '200 text/javascript; charset=utf-8',
      '200 text/css; charset=utf-8',
      '200 image/svg+xml',
    ])
  })

  test('its command line reads a store and the definitions beside it', async () => {
    await compile('counter.ts')
    const fill = `
      import { embeddedStore, start } from 'reenact'
      import { counter } from './counter.js'
      const system = await start({ aggregates: [counter], store: embeddedStore({ path: 'kept' }) })
      for (const amount of [1, 2]) await system.get(counter, 'one').ask({ type: 'Add', amount })
      await system.stop()`
    await inFolder('node', '--input-type=module', '--eval', fill)
    const reenact = (...line: readonly string[]) => inFolder(join('node_modules', '.bin', 'reenact'), ...line)

    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
    expect((await reenact('--version')).stdout).toBe(`${version}\n`)
    expect((await reenact('--help')).stdout).toContain('Examples:')
    const streams = await reenact('streams', '--store', 'kept', '--json')
    expect(JSON.parse(streams.stdout)).toMatchObject({ stream: 'counter-one', revision: 1 })
    const where = ['--store', 'kept', '--definitions', 'counter.js']
    const then = await reenact('state', 'counter', 'one', ...where, '--at', '0', '--json')
    expect(JSON.parse(then.stdout)).toMatchObject({ revision: 0, context: { count: 1 } })
    const followed = await reenact('follow', '--store', 'kept', '--after', 'start', '--limit', '2')
    expect(followed.stdout).toMatch(/^\S+Z {2}counter-one 0 {2}Added {2}\{"amount":1\}\n/)
    await expect(reenact('strems')).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean streams?'),
    })
    await expect(reenact('show', 'counter-two', '--store', 'kept')).rejects.toMatchObject({ code: 3 })
  })
})
