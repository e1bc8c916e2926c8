import { describe, expect, it } from 'vitest'
import { defaultSettings, type Settings, settingsOf } from '../../actors/settings.ts'

const refusal = (given: object): string => {
  try {
    settingsOf(given as Partial<Settings>)
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError)
    return (error as Error).message
  }
  throw new Error('it was not refused')
}

describe('the settings of start()', () => {
  it('are the defaults where nothing is given, or `undefined`', () => {
    expect(settingsOf({})).toEqual(defaultSettings)
    expect(settingsOf({ writers: undefined } as never)).toEqual(defaultSettings)
  })

  it('take each number that is given', () => {
    const given = { writers: 3, timeoutMs: 0.5 + 1, conflictBackoff: { firstMs: 0, mostMs: 0 } }
    expect(settingsOf(given)).toEqual({ ...defaultSettings, ...given })
  })

  it('may switch snapshots, passivation and retries off by 0', () => {
    const off = { snapshotEvery: 0, passivateAfterMs: 0, maxConflictRetries: 0, maxStoreRetries: 0 }
    expect(settingsOf(off)).toMatchObject(off)
  })

  it('may lift bounds altogether', () => {
    const lifted = { mailboxCommands: Number.POSITIVE_INFINITY, timeoutMs: Number.POSITIVE_INFINITY }
    expect(settingsOf(lifted)).toMatchObject(lifted)
  })

  it('refuse a retention of nact actors that is none', () => {
    expect(settingsOf({ nactActors: 'onDemand' })).toMatchObject({ nactActors: 'onDemand' })
    expect(refusal({ nactActors: 'never' })).toContain("must be 'kept' or 'onDemand', not never")
  })

  const numbers = Object.entries(defaultSettings)
    .filter(([, value]) => typeof value === 'number')
    .map(([name]) => name)
  it.each(numbers)('refuse a %s that is no number, naming it', (name) => {
    for (const value of ['10', null, Number.NaN, -1, true, {}, 10n]) {
      expect(refusal({ [name]: value })).toMatch(new RegExp(`The setting '${name}' of start\\(\\) must be a`))
    }
  })

  const counts = numbers.filter((name) => !name.endsWith('Ms'))
  it.each(counts)('refuse a fraction of %s: half a command or a writer does not exist', (name) => {
    expect(refusal({ [name]: 2.5 })).toContain(`'${name}' of start() must be a whole number`)
  })

  it.each(['writers', 'shards', 'windowCommands'])('refuse an endless number of %s', (name) => {
    expect(refusal({ [name]: Number.POSITIVE_INFINITY })).toContain('not Infinity')
  })

  it.each(['conflictBackoff', 'storeBackoff', 'resendBackoff'])('refuse a %s that is none', (name) => {
    expect(refusal({ [name]: 5 })).toContain(`'${name}.firstMs'`)
    expect(refusal({ [name]: null })).toContain(`'${name}.firstMs'`)
    expect(refusal({ [name]: { firstMs: 10 } })).toContain(`'${name}.mostMs'`)
    expect(refusal({ [name]: { firstMs: 10, mostMs: 9 } })).toContain('at least 10, not 9')
  })

  it('refuse a name that they do not know, and say which they know', () => {
    expect(refusal({ writer: 2 })).toMatch(/knows no setting 'writer'.*writers/)
    expect(refusal({ toString: 2 })).toContain("knows no setting 'toString'")
  })
})
