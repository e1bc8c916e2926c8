import { describe, expect, it } from 'vitest'
import { sleep } from '../../src/runtime.ts'
import { stream } from './kit/note.ts'
import { caught, changedStore, inWorld } from './kit/world.ts'

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const

describe('stop', () => {
  it(
    'may be asked twice, and gives the same report',
    inWorld(async (world) => {
      const node = await world.start()
      await world.run(node.note('a').ask(create))
      const [one, two] = await world.run(Promise.all([node.system.stop(), node.system.stop()]))
      expect(one).toBe(two)
      expect(node.log.about('the system has stopped', ['info'])).toHaveLength(1)
    }),
  )

  it(
    'refuses everything afterwards, in words',
    inWorld(async (world) => {
      const node = await world.start()
      const a = node.note('a')
      await world.run(a.ask(create))
      await world.stop(node)
      expect(await caught(a.ask(rename))).toMatchObject({ tag: 'SystemStopped', executed: 'no' })
      expect(await caught(a.state())).toMatchObject({ tag: 'SystemStopped' })
      expect(() => a.tell(rename)).toThrow('The system has stopped')
      expect(await world.stored(stream('a'))).toHaveLength(1)
    }),
  )

  it(
    'ends with the block of `await using`',
    inWorld(async (world) => {
      const node = await world.start()
      const asked = node.note('a').ask(create)
      await world.run(node.system[Symbol.asyncDispose]())
      expect(await asked).toMatchObject({ status: 'accepted' })
    }),
  )

  it(
    'waits for told commands, too',
    inWorld(async (world) => {
      const node = await world.start()
      world.store.next({ kind: 'slowAppend', afterMs: 2_000 })
      node.note('a').tell(create)
      expect(await world.stop(node)).toEqual({ unsettled: [] })
      expect(await world.stored(stream('a'))).toHaveLength(1)
    }),
  )

  it(
    'tells those who wait for a state',
    inWorld(async (world) => {
      const node = await world.start()
      world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 50 })
      const state = caught(node.note('a').state())
      await world.runtime.settle()
      await world.stop(node)
      expect(await state).toMatchObject({ tag: 'SystemStopped' })
    }),
  )

  // What else is under way when the time is up; each of these once kept a timer, or did something afterwards.
  const troubles = [
    ['an append under way', { kind: 'mute', effect: 'none' }, rename],
    ['an unsettled append that waits to be sent again', { kind: 'unknownBeforeWrite' }, rename],
    ['a store that cannot be reached', { kind: 'refused', because: 'unreachable' }, rename],
    ['a check of the head that fails', { kind: 'failedCheck' }, { type: 'Refuse' }],
    ['a duplicate that cannot be read', { kind: 'failedRead', afterEvents: 0 }, create],
    ['a restart after a conflict', { kind: 'conflict', by: 'stranger' }, rename],
  ] as const

  it.each(troubles)('leaves no timer and does nothing more, with %s', (_name, fault, command) =>
    inWorld(async (world) => {
      const node = await world.start({ conflictBackoff: { firstMs: 9_000, mostMs: 9_000 } })
      await world.run(node.note('a').ask(create, { commandId: 'x' }))
      world.store.next(fault, { stream: stream('a'), times: 100 })
      const asked = caught(node.note('a').ask(command, { commandId: command === create ? 'x' : 'y' }))
      await world.runtime.advance(100)
      // Looks for leaks: commands, permits, timers.
      const { unsettled } = await world.stop(node, 1_000)
      expect(unsettled).toHaveLength(1)
      expect(await asked).toMatchObject({ tag: 'SystemStopped', executed: unsettled[0]!.executed })
      const lines = node.log.lines.length
      await world.runtime.advance(600_000)
      expect(node.log.lines.slice(lines)).toEqual([])
    })(),
  )

  it.each(['kept', 'onDemand'] as const)(
    'is not disturbed by what the store answers afterwards (nact actors %s)',
    (nactActors) =>
      inWorld(async (world) => {
        const late = changedStore(world.store, (store) => ({
          append(batch, settle) {
            world.runtime.clock.after(5_000, () =>
              batch.forEach((_, index) => {
                settle(index, { status: 'conflict', revision: 9 })
              }),
            )
          },
          async checkHead() {
            await sleep(world.runtime, 5_000)
            return false
          },
          async *readStream(of, options) {
            if (of === stream('c')) await sleep(world.runtime, 5_000)
            yield* store.readStream(of, options)
          },
        }))
        const node = await world.start({ nactActors }, late)
        await world.run(node.note('b').state())
        const asked = [
          caught(node.note('a').ask(create)),
          caught(node.note('b').ask({ type: 'Refuse' })),
          caught(node.note('c').ask(create)),
        ]
        await world.runtime.advance(100)
        const stopped = await world.run(node.system.stop({ timeoutMs: 100 }))
        expect(stopped.unsettled.map(({ id, executed }) => [id, executed])).toEqual([
          ['b', 'no'],
          ['a', 'unknown'],
          ['c', 'no'],
        ])
        const lines = node.log.lines.length
        // A throw in here would be an unhandled rejection, and end the process.
        await world.runtime.advance(60_000)
        expect(node.log.lines.slice(lines)).toEqual([])
        await Promise.all(asked)
      })(),
  )

  it.each(['the subscription', 'the store'])('gives its report also where %s cannot be closed', (what) =>
    inWorld(async (world) => {
      const stuck = changedStore(world.store, (store) => ({
        async close() {
          await store.close()
          if (what === 'the store') throw new Error('the disk is full')
        },
        subscribe(options) {
          const subscription = store.subscribe(options)
          return {
            [Symbol.asyncIterator]: () => subscription[Symbol.asyncIterator](),
            async close() {
              await subscription.close()
              if (what === 'the subscription') throw new Error('the connection is gone')
            },
          }
        },
      }))
      const node = await world.start({}, stuck)
      world.store.next({ kind: 'mute', effect: 'none' })
      const asked = caught(node.note('a').ask(create))
      const report = await world.stop(node, 1_000)
      expect(report.unsettled).toHaveLength(1)
      expect(node.log.about('could not be closed', ['error'])).toHaveLength(1)
      await asked
    })(),
  )

  it(
    'closes the store also where nothing was asked',
    inWorld(async (world) => {
      let closed = 0
      const closing = changedStore(world.store, (store) => ({
        close() {
          closed++
          return store.close()
        },
      }))
      const node = await world.start({}, closing)
      await world.stop(node)
      expect(closed).toBe(1)
    }),
  )
})
