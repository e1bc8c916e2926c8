import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { fuzz } from './fuzz.ts'

const { FUZZ_SEED: environmentSeed } = process.env
const seed = Number(environmentSeed ?? Date.now() % 1_000_000_000)

describe(`the compiled engine, on generated machines (FUZZ_SEED=${seed})`, () => {
  it('does in 50,000 steps what xstate does', { timeout: 180_000 }, () => {
    const report = fuzz({ seed, steps: 50_000, judge: 'interpreter' })
    expect(report.difference, inspect(report.difference, { depth: 8 })).toBeUndefined()
    expect(report.steps).toBeGreaterThanOrEqual(50_000)
    // The generator must not lose its teeth.
    expect(report.interpreted).toBeLessThan(report.machines * 0.05)
    for (const seen of [
      'decide emitted',
      'decide rejected',
      'decide blocked',
      'decide unhandled',
      'decide done',
      'decide threw CommandChangedState',
      'evolve returned',
      'evolve threw EventNotHandled',
      'evolve threw EffectOutsideCommand',
      'evolve threw Error',
      'done',
      'restored',
    ]) {
      expect(report.seen[seen], seen).toBeGreaterThan(50)
    }
  })

  it("does in 5,000 steps what xstate's public functions say", { timeout: 60_000 }, () => {
    const report = fuzz({ seed: seed + 1_000_000, steps: 5_000, judge: 'oracle' })
    expect(report.difference, inspect(report.difference, { depth: 8 })).toBeUndefined()
  })
})
