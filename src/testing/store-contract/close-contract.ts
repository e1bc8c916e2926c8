import assert from 'node:assert/strict'
import { StoreUnavailable } from '../../errors.ts'
import type { Verdict } from '../../store/event-store.ts'
import type { ContractSuite } from './contract-suite.ts'

/** Closing waits for what is under way and refuses what comes later. */
export function closeContract({ test }: ContractSuite): void {
  test('close: every append that was taken has its verdict, and is there when it says so', async (kit) => {
    const store = await kit.open()
    const verdicts: Verdict[] = []
    for (let call = 0; call < 20; call++) {
      store.append([kit.appendOf(`s${call}`, -1, 1)], (_index, verdict) => verdicts.push(verdict))
    }
    await store.close()
    assert.equal(verdicts.length, 20)
    const later = await kit.open('later')
    for (let call = 0; call < 20; call++) {
      assert.equal(verdicts[call]?.status, 'written')
      assert.equal((await kit.readStream(later, `s${call}`)).length, 1)
    }
  })

  test('close: what is asked later is refused with StoreUnavailable', async (kit) => {
    const store = await kit.open()
    await kit.write(store, kit.appendOf('a', -1, 1))
    await store.close()
    await store.close()
    const verdict = await kit.sendOne(store, kit.appendOf('a', 0, 1))
    assert.ok(verdict.status === 'refused' && verdict.error instanceof StoreUnavailable)
    await assert.rejects(store.checkHead(kit.stream('a'), 0), StoreUnavailable)
    await assert.rejects(kit.readStream(store, 'a'), StoreUnavailable)
    await assert.rejects(kit.readAll(store), StoreUnavailable)
    await assert.rejects(kit.follow(store).step(), StoreUnavailable)
    await assert.rejects(async () => store.snapshots?.load(kit.stream('a')), StoreUnavailable)
  })

  test('close: ends the subscriptions of this handle, and those of no other', async (kit) => {
    const store = await kit.open()
    const other = await kit.open('other')
    const ended = kit.follow(store)
    const lives = kit.follow(other)
    await ended.untilCaughtUp()
    await lives.untilCaughtUp()
    const waiting = ended.step()
    await store.close()
    assert.equal(await waiting, 'end')
    await kit.write(other, kit.appendOf('a', -1, 1))
    await lives.until(1)
  })
}
