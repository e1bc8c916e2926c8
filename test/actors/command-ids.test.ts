import { expect, it } from 'vitest'
import { CommandIds } from '../../actors/command-ids.ts'
import { fingerprintOf } from '../../actors/fingerprint.ts'

const uuid = '8f14e45f-ceea-467f-a0e6-123456789abc'

it('never gives an id twice, and knows the fingerprint of each', () => {
  const ids = new CommandIds(uuid)
  const given = new Set<string>()
  for (let nth = 0; nth < 12_345; nth++) {
    const id = ids.next()
    expect(ids.fingerprint).toBe(fingerprintOf(id))
    given.add(id)
  }
  expect(given.size).toBe(12_345)
})

it('gives every system ids of its own, and the same system the same ones again', () => {
  const first = new CommandIds(uuid).next()
  expect(new CommandIds(uuid).next()).toBe(first)
  expect(new CommandIds('8f14e45f-ceea-467f-a0e6-123456789abd').next()).not.toBe(first)
})
