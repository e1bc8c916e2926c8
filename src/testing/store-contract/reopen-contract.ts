import assert from 'node:assert/strict'
import { assertOrder } from './assert-order.ts'
import { oddIds } from './content-contract.ts'
import type { ContractSuite } from './contract-suite.ts'

/** All that a store knows, it knows again when it is opened again. */
export function reopenContract({ test, options }: ContractSuite): void {
  const again = options.reopen === 'durable' ? 'by a provider of its own' : 'by the same provider'

  test(`reopen ${again}: events, positions, verdicts and snapshots are the same`, async (kit) => {
    const before = await kit.open()
    const append = kit.appendOf('a', -1, 2, 1)
    const first = await kit.write(before, append)
    await kit.send(
      before,
      oddIds.map((id) => kit.appendOf(`odd ${id}`, -1, 1)),
    )
    const last = await kit.fill(before, 'long', 2_000, 100)
    await before.snapshots?.save(kit.stream('a'), { revision: 2, eventId: 'event', body: '{}' })
    const all = await kit.readAll(before)
    await before.close()

    const after = await kit.open('system', kit.under.again?.() ?? kit.under.provider)
    assert.deepEqual(await kit.readAll(after), all)
    assert.deepEqual(await kit.sendOne(after, structuredClone(append)), first)
    assert.deepEqual(await kit.sendOne(after, kit.appendOf('a', -1, 1)), { status: 'conflict', revision: 2 })
    for (const id of oddIds) assert.equal(await after.checkHead(kit.stream(`odd ${id}`), 0), true)
    if (after.snapshots !== undefined) {
      assert.equal((await after.snapshots.load(kit.stream('a')))?.revision, 2)
    }
    const next = await kit.write(after, kit.appendOf('long', 1_999, 1))
    assert.ok(next.position > last.position, 'Positions go on where they ended.')
    assertOrder(await kit.readAll(after), all.length + 1)
    const follower = kit.follow(after, { after: all.at(-1)!.position })
    await follower.until(1)
    assert.equal(follower.events[0]?.position, next.position)
  })

  const abandoned = 'reopen: what was acknowledged is there though nobody closed the store'
  test(abandoned, async (kit) => {
    const before = await kit.open('before')
    await kit.fill(before, 'a', 500, 50)
    const provider = kit.under.again?.() ?? kit.under.provider
    const after = await kit.open('after', provider)
    assertOrder(await kit.readAll(after), 500)
    await kit.write(after, kit.appendOf('a', 499, 1))
    assert.deepEqual(await kit.sendOne(before, kit.appendOf('a', 499, 1)), {
      status: 'conflict',
      revision: 500,
    })
  })
}
