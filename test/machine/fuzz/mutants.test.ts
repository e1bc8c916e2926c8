import { afterAll, describe, expect, it, vi } from 'vitest'
import type { FuzzReport } from './fuzz.ts'
import { mutants } from './mutants.ts'

/** Fixed, so that a mutant that is caught today is caught tomorrow. */
const seed = 7_000_000

const mutated = async (
  module: string,
  mutate: (original: never) => object,
  steps: number,
): Promise<FuzzReport> => {
  vi.resetModules()
  vi.doMock(module, async (importOriginal) => {
    const original = (await importOriginal()) as object
    return { ...original, ...mutate(original as never) }
  })
  try {
    const { fuzz } = await import('./fuzz.ts')
    return fuzz({ seed, steps, judge: 'interpreter' })
  } finally {
    vi.doUnmock(module)
  }
}

describe('the fuzz finds every mistake of the compiler', () => {
  afterAll(() => void vi.resetModules())

  it.each(mutants)('$mistake ($module)', { timeout: 60_000 }, async ({ module, mutate }) => {
    const report = await mutated(module, mutate, 30_000)
    expect(report.difference, `not found in ${report.steps} steps`).toBeDefined()
  })

  it('and finds none where a module is replaced by itself', async () => {
    const report = await mutated('../../../src/machine/compiled/step.ts', () => ({}), 5_000)
    expect(report.difference).toBeUndefined()
  })
})
