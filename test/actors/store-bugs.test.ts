import { describe, expect, it } from 'vitest'
import { stream } from './kit/note.ts'
import { caught, changedStore, inWorld } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const patient = { timeoutMs: 600_000 }

// The port can be implemented by anybody. What a store must not do, and some day one does.
describe('a store with a bug', () => {
  it(
    'whose append throws: nobody knows whether it was taken, so the slot is read and it is sent again',
    inWorld(async (world) => {
      let throws = 0
      const throwing = changedStore(world.store, (store) => ({
        append(batch, settle) {
          if (throws-- > 0) throw new Error('a bug of the store')
          store.append(batch, settle)
        },
      }))
      const node = await world.start({}, throwing)
      await world.run(node.note('a').ask(create))
      throws = 3
      const asked = [node.note('a').ask(rename, patient), node.note('b').ask(create, patient)]
      expect(await world.run(Promise.all(asked))).toMatchObject([{ revision: 1 }, { revision: 0 }])
      expect(node.sightings('appendUnsettled').length).toBeGreaterThan(0)
    }),
  )

  it(
    'that answers with a revision which cannot be: the slot is read',
    inWorld(async (world) => {
      const wrong = changedStore(world.store, (store) => ({
        append(batch, settle) {
          store.append(batch, (index, verdict) =>
            settle(
              index,
              verdict.status === 'written' ? { ...verdict, revision: verdict.revision + 7 } : verdict,
            ),
          )
        },
      }))
      const node = await world.start({}, wrong)
      expect(await world.run(node.note('a').ask(create))).toMatchObject({ revision: 0 })
      expect(await world.run(node.note('a').ask(rename))).toMatchObject({ revision: 1 })
      expect(node.sightings('appendUnsettled')).toHaveLength(2)
    }),
  )

  it(
    'that settles the same append twice, also with another verdict: the first one counts',
    inWorld(async (world) => {
      const twice = changedStore(world.store, (store) => ({
        append(batch, settle) {
          store.append(batch, (index, verdict) => {
            settle(index, verdict)
            settle(index, { status: 'conflict', revision: 99 })
            settle(index, verdict)
          })
        },
      }))
      const node = await world.start({}, twice)
      for (const [nth, command] of [create, rename, rename].entries()) {
        expect(await world.run(node.note('a').ask(command))).toMatchObject({ revision: nth })
      }
      expect(await world.stored(stream('a'))).toHaveLength(3)
    }),
  )

  it(
    'whose subscription throws at once, or ends: it is followed again, in waits that grow',
    inWorld(async (world) => {
      let subscribed = 0
      const broken = changedStore(world.store, (store) => ({
        subscribe(options) {
          subscribed++
          if (subscribed % 2 === 1) throw new Error('a bug of the store')
          const subscription = store.subscribe(options)
          void subscription.close()
          return subscription
        },
      }))
      const node = await world.start({}, broken)
      await world.runtime.advance(60_000)
      expect(subscribed).toBeGreaterThan(10)
      expect(subscribed).toBeLessThan(40)
      expect(await world.run(node.note('a').ask(create))).toMatchObject({ revision: 0 })
    }),
  )

  it(
    'whose snapshots throw at once: they are done without',
    inWorld(async (world) => {
      const throwing = changedStore(world.store, () => ({
        snapshots: {
          load() {
            throw new Error('a bug of the store')
          },
          save() {
            throw new Error('a bug of the store')
          },
        },
      }))
      const node = await world.start({ snapshotEvery: 2 }, throwing)
      await world.run(node.note('a').ask(create))
      for (let nth = 0; nth < 6; nth++) await world.run(node.note('a').ask(rename))
      expect(await caught(world.run(node.note('a').state()))).toMatchObject({ revision: 6 })
      expect(node.log.about('a snapshot could not be', ['warn']).length).toBeGreaterThan(1)
    }),
  )
})
