import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** The declaration file of the bank of the tests. */
function declarations(): string {
  const work = mkdtempSync(join(tmpdir(), 'reenact-declarations-'))
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: join(work, 'out'),
    rootDir: root,
    typeRoots: [join(root, 'node_modules/@types')],
  }
  const files = [join(root, 'test/aggregate/bank.ts')]
  writeFileSync(
    join(work, 'tsconfig.json'),
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files }),
  )
  try {
    spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', work])
    return readFileSync(join(work, 'out/test/aggregate/bank.d.ts'), 'utf8')
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

test('the declarations of a machine and its aggregate are short: plain unions, nothing of a schema library, no any', () => {
  const text = declarations()
  const machineAndAggregate = text.slice(text.indexOf('export declare const accountMachine'))
  expect(machineAndAggregate).toContain('export declare const account:')
  expect(machineAndAggregate).not.toMatch(/zod|\bz\.|\bany\b/i)
  expect(machineAndAggregate.length).toBeLessThan(5000)
})
