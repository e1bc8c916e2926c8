import assert from 'node:assert/strict'
import { assertOrder } from './assert-order.ts'
import { describeVerdict } from './contract-kit.ts'
import type { ContractSuite } from './contract-suite.ts'

/** Many appends at once: each has a verdict of its own. */
export function batchContract({ test, skip, options }: ContractSuite): void {
  test('batch: appends to different streams are all written, each settled once', async (kit) => {
    const store = await kit.open()
    const batch = Array.from({ length: 200 }, (_, index) => kit.appendOf(`s${index}`, -1, 1 + (index % 3)))
    const verdicts = await kit.send(store, batch)
    for (const [index, verdict] of verdicts.entries()) {
      assert.equal(verdict.status, 'written', describeVerdict(verdict))
      assert.equal(verdict.status === 'written' && verdict.revision, index % 3)
      assert.equal((await kit.readStream(store, `s${index}`)).length, 1 + (index % 3))
    }
  })

  test('batch: many calls of append without waiting in between', async (kit) => {
    const stores = [await kit.open('one'), await kit.open('two')]
    const verdicts = await Promise.all(
      Array.from({ length: 100 }, (_, call) =>
        kit.send(
          stores[call % 2]!,
          Array.from({ length: 5 }, (_, index) => kit.appendOf(`s${call}-${index}`, -1, 1)),
        ),
      ),
    )
    for (const verdict of verdicts.flat()) assert.equal(verdict.status, 'written', describeVerdict(verdict))
    assert.equal((await kit.readAll(stores[0]!)).length, 500)
  })

  test('batch: a conflict beside success concerns its own stream only', async (kit) => {
    const store = await kit.open()
    await kit.write(store, kit.appendOf('taken', -1, 4))
    const repeated = kit.appendOf('repeated', -1, 2)
    const first = await kit.write(store, repeated)
    const verdicts = await kit.send(store, [
      kit.appendOf('new', -1, 1),
      kit.appendOf('taken', -1, 1),
      repeated,
      kit.appendOf('missing', 5, 1),
      kit.appendOf('new too', -1, 1),
    ])
    assert.deepEqual(
      verdicts.map(({ status }) => status),
      ['written', 'conflict', 'written', 'conflict', 'written'],
    )
    assert.deepEqual(verdicts[1], { status: 'conflict', revision: 3 })
    assert.deepEqual(verdicts[2], first)
    assert.deepEqual(verdicts[3], { status: 'conflict', revision: -1 })
    assert.equal((await kit.readStream(store, 'new')).length, 1)
    assert.equal((await kit.readStream(store, 'new too')).length, 1)
    assert.equal((await kit.readStream(store, 'missing')).length, 0)
  })

  test('batch: streams go on while other appends are under way', async (kit) => {
    const store = await kit.open()
    const streams = 20
    const rounds = 15
    await Promise.all(
      Array.from({ length: streams }, async (_, stream) => {
        for (let round = 0; round < rounds; round++) {
          await kit.write(store, kit.appendOf(`s${stream}`, round - 1, 1))
        }
      }),
    )
    assertOrder(await kit.readAll(store), streams * rounds)
  })

  const withheld = 'batch: one verdict withheld while the others arrive'
  if (options.withheldVerdicts === 'can') {
    test(withheld, async (kit) => {
      const store = await kit.open()
      assert.ok(kit.under.withhold !== undefined, 'A store whose verdicts can be withheld says how.')
      const release = kit.under.withhold(kit.stream('mute'))
      const arrived: number[] = []
      const mute = new Promise<void>((resolve) => {
        store.append(
          ['a', 'mute', 'b'].map((id) => kit.appendOf(id, -1, 1)),
          (index) => {
            arrived.push(index)
            if (index === 1) resolve()
          },
        )
      })
      for (let revision = -1; revision < 20; revision++) {
        await kit.write(store, kit.appendOf('c', revision, 1))
      }
      await kit.write(store, kit.appendOf('a', 0, 1))
      await kit.write(store, kit.appendOf('b', 0, 1))
      assert.deepEqual(arrived.toSorted(), [0, 2])
      release()
      await mute
      assert.deepEqual(arrived.toSorted(), [0, 1, 2])
    })
  } else skip(withheld, 'it has no way to hold one verdict back; see the fault-injecting store')

  test('batch: the global order holds under parallel writers, the same for every reader', async (kit) => {
    const stores = [await kit.open('one'), await kit.open('two'), await kit.open('three')]
    await Promise.all(
      stores.flatMap((store, writer) =>
        Array.from({ length: 4 }, async (_, stream) => {
          for (let revision = -1; revision < 29; revision += 2) {
            await kit.write(store, kit.appendOf(`w${writer}-${stream}`, revision, 2))
          }
        }),
      ),
    )
    const all = await kit.readAll(stores[0]!)
    assertOrder(all, 3 * 4 * 30)
    assert.deepEqual(await kit.readAll(stores[1]!), all)
    assert.deepEqual(await kit.readAll(stores[2]!), all)
  })
}
