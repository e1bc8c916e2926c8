import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/testing/seeded-random.ts'
import { type Acknowledged, startWriter } from './processes/child.ts'
import { allOf, lostOf, openAt, temporaryFolder, tornOf } from './processes/opened.ts'

const { REENACT_CRASH_ROUNDS = '5', REENACT_SEED = String(Date.now() % 1_000_000) } = process.env
const rounds = Number(REENACT_CRASH_ROUNDS)
const seed = Number(REENACT_SEED)

describe(`embedded store, killed while it writes (seed ${seed})`, () => {
  it(
    `has all that was acknowledged, and nothing torn, after each of ${rounds} kills`,
    async () => {
      const random = seededRandom(seed)
      const path = await temporaryFolder()
      const acknowledged: Acknowledged[] = []
      for (let round = 0; round < rounds; round++) {
        const writer = startWriter({
          path,
          system: `round-${round}`,
          category: `round${round}`,
          streams: random.between(10, 210),
          appends: Number.POSITIVE_INFINITY,
        })
        let left = random.between(1, 60)
        for await (const batch of writer.batches) {
          acknowledged.push(...batch)
          if (--left === 0) writer.kill()
        }
        expect(await writer.exit).toBe('SIGKILL')
        const store = await openAt(path)
        const events = await allOf(store)
        expect(tornOf(events)).toEqual([])
        expect(lostOf(acknowledged, events)).toEqual([])
        for (const { stream } of acknowledged.slice(-5)) {
          const revisions: number[] = []
          for await (const page of store.readStream(stream))
            revisions.push(...page.map(({ revision }) => revision))
          expect(revisions).toEqual([...revisions.keys()])
          expect(await store.checkHead(stream, revisions.length - 1)).toBe(true)
        }
        await store.close()
      }
    },
    20_000 + rounds * 10_000,
  )

  it('leaves the lock to the others', async () => {
    const path = await temporaryFolder()
    const store = await openAt(path)
    for (let round = 0; round < 2; round++) {
      const writer = startWriter({
        path,
        system: 'killed',
        category: `killed${round}`,
        streams: 50,
        appends: Number.POSITIVE_INFINITY,
      })
      let batches = 0
      for await (const _ of writer.batches) if (++batches === 10 + round) writer.kill()
      await writer.exit
      const other = startWriter({ path, system: 'other', category: `other${round}`, streams: 5, appends: 50 })
      for await (const _ of other.batches);
      expect(await other.exit).toBe(0)
      expect(tornOf(await allOf(store))).toEqual([])
    }
    await store.close()
  })
})
