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
    const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
    const options = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', '--target', 'ES2022']
    const modules = ['--module', 'NodeNext', '--rewriteRelativeImportExtensions', '--types', 'node']
    const disposable = ['--lib', 'ES2023,ESNext.Disposable']
    await inFolder(process.execPath, compiler, ...options, ...modules, ...disposable, 'main.ts').catch(
      (error) => expect.fail(error.stdout),
    )
    expect((await inFolder('node', 'main.js')).stdout).toBe('2 2 2\n')
  })
})
