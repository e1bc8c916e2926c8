import { checkSource } from 'reenact/stately'
import { describe, expect, it } from 'vitest'

describe('checkSource', () => {
  it('lists by line what importers lose', async () => {
    const findings = await checkSource('test/stately/sources/lossy.ts')
    expect(findings.map(({ line, severity, rule, path }) => `${line} ${severity} ${rule} ${path}`)).toEqual([
      '14 warning state-helper lossy.first',
      '16 warning spread lossy.third',
      '16 warning inline-action lossy.third.entry',
      '20 warning transition-helper lossy.fourth.on.Made',
      '21 warning computed-key lossy.fourth.on',
      '23 warning inline-guard lossy.fourth.on.Inline',
      '23 warning inline-action lossy.fourth.on.Inline',
      '24 note computed-params lossy.fourth.on.Computed',
      '29 warning state-helper lossy.fifth',
    ])
    expect(findings[0]).toMatchObject({
      file: 'test/stately/sources/lossy.ts',
      column: 12,
      message: "the state 'first' is dropped without a word",
      mend: 'write it out as a literal object in its place',
    })
  })

  it('finds nothing lost of the bank, and notes the params that are functions', async () => {
    const findings = await checkSource('examples/bank/account.ts')
    expect(findings.map(({ severity, rule }) => `${severity} ${rule}`)).toEqual([
      'note computed-params',
      'note computed-params',
    ])
  })

  it('finds a machine that is made by a chain of setup()', async () => {
    expect((await checkSource('test/docs/order.ts')).map(({ rule }) => rule)).toEqual(['computed-params'])
  })
})
