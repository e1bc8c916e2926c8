import { describe, expect, it } from 'vitest'
import type { Fault } from '../../../src/testing/index.ts'
import { append, eventsIn, fixture, revisionsOf, send, stream } from './store-fixture.ts'

const written = (revision: number) => ({ status: 'written', revision, position: expect.any(Number) })

describe('an append through a faulty store', () => {
  it('is written where nothing is planned', async () => {
    const { handle, runtime, store } = await fixture()
    const result = send(handle, append(-1, [2]))
    expect(result.verdict).toBeUndefined()
    await runtime.settle()
    expect(result.verdict).toEqual(written(1))
    expect(store.fired.size).toBe(0)
  })

  it('loses its slot to a stranger', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'conflict', by: 'stranger' })
    const mine = append(-1)
    const result = send(handle, mine)
    await runtime.settle()
    expect(result.verdict).toEqual({ status: 'conflict', revision: 0 })
    const [event] = await eventsIn(handle)
    expect(event?.origin?.commandId).not.toBe(mine.commands[0]!.origin.commandId)
    expect(event?.origin?.system).toMatch(/^rival-/)
  })

  it('loses its slot to another process with the same command', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'conflict', by: 'sameCommand' })
    const mine = append(-1)
    const result = send(handle, mine)
    await runtime.settle()
    expect(result.verdict).toEqual({ status: 'conflict', revision: 0 })
    const [event] = await eventsIn(handle)
    expect(event?.origin?.commandId).toBe(mine.commands[0]!.origin.commandId)
    expect(event?.id).not.toBe(mine.id)
  })

  it.each<[Fault, string]>([
    [{ kind: 'phantomConflict' }, 'conflict'],
    [{ kind: 'refused', because: 'unreachable' }, 'refused'],
    [{ kind: 'unknownBeforeWrite' }, 'unknown'],
  ])('leaves nothing: %o', async (fault, status) => {
    const { handle, runtime, store } = await fixture()
    store.next(fault)
    const mine = append(-1)
    const result = send(handle, mine)
    expect(result.verdict).toBeUndefined()
    await runtime.settle()
    expect(result.verdict?.status).toBe(status)
    expect(await revisionsOf(handle)).toEqual([])
    const repeat = send(handle, mine)
    await runtime.settle()
    expect(repeat.verdict).toEqual(written(0))
  })

  it('is written though its sender does not learn it, and its repeat finds that', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'unknownAfterWrite' })
    const mine = append(-1, [2])
    const result = send(handle, mine)
    await runtime.settle()
    expect(result.verdict?.status).toBe('unknown')
    const repeat = send(handle, mine)
    await runtime.settle()
    expect(repeat.verdict).toEqual(written(1))
    expect(await revisionsOf(handle)).toEqual([0, 1])
  })

  it('arrives seconds after it was read as absent', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'lateArrival', afterMs: 5000 })
    const result = send(handle, append(-1))
    await runtime.advance(2000)
    expect(result.verdict?.status).toBe('unknown')
    expect(await revisionsOf(handle)).toEqual([])
    expect(store.underWay).toBe(1)
    await runtime.advance(3000)
    expect(await revisionsOf(handle)).toEqual([0])
    expect(store.underWay).toBe(0)
  })

  it('arrives late in vain where its slot is filled', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'lateArrival', afterMs: 5000 })
    send(handle, append(-1))
    await runtime.advance(2000)
    const other = append(-1)
    send(handle, other)
    await runtime.advance(10_000)
    expect((await eventsIn(handle)).map(({ id }) => id)).toEqual([other.id])
  })

  it('is held uncommitted: nobody reads it, repeats are dropped, others conflict, then it is there', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'lateCommit', afterMs: 9000, repeats: 'unknown' })
    const mine = append(-1, [2])
    const first = send(handle, mine)
    await runtime.advance(2000)
    expect(first.verdict?.status).toBe('unknown')
    const repeat = send(handle, mine)
    const other = send(handle, append(-1))
    await runtime.settle()
    expect(other.verdict).toEqual({ status: 'conflict', revision: 1 })
    expect(await revisionsOf(handle)).toEqual([])
    expect(await handle.checkHead(stream, -1)).toBe(false)
    await runtime.advance(1999)
    expect(repeat.verdict).toBeUndefined()
    await runtime.advance(1)
    expect(repeat.verdict?.status).toBe('unknown')
    await runtime.advance(5000)
    expect(await revisionsOf(handle)).toEqual([0, 1])
    expect(Object.fromEntries(store.fired)).toEqual({
      lateCommit: 1,
      droppedRepeat: 1,
      conflictWithUncommitted: 1,
    })
  })

  it('is answered with its commit where that comes in time', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'lateCommit', afterMs: 100, repeats: 'none' })
    const result = send(handle, append(-1))
    await runtime.advance(99)
    expect(result.verdict).toBeUndefined()
    await runtime.advance(1)
    expect(result.verdict).toEqual(written(0))
  })

  it('vanishes with its leader, and the conflict that rested on it with it', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'vanishingTail', afterMs: 1000, repeats: 'none' })
    const mine = append(-1)
    const lost = send(handle, mine)
    await runtime.settle()
    const other = append(-1)
    const first = send(handle, other)
    const silent = send(handle, mine)
    await runtime.advance(1000)
    expect(lost.verdict?.status).toBe('unknown')
    expect(first.verdict).toEqual({ status: 'conflict', revision: 0 })
    expect(await revisionsOf(handle)).toEqual([])
    const again = send(handle, other)
    await runtime.advance(60_000)
    expect(again.verdict).toEqual(written(0))
    expect(silent.verdict).toBeUndefined()
  })

  it('cannot be held where its revision is not the head', async () => {
    const { handle, runtime, store } = await fixture()
    send(handle, append(-1))
    store.next({ kind: 'lateCommit', afterMs: 1000, repeats: 'none' })
    const result = send(handle, append(-1))
    await runtime.settle()
    expect(result.verdict).toEqual({ status: 'conflict', revision: 0 })
  })

  it.each([['written', [0]] as const, ['none', []] as const])(
    'is never answered: %s',
    async (effect, revisions) => {
      const { handle, runtime, store } = await fixture()
      store.next({ kind: 'mute', effect })
      const result = send(handle, append(-1))
      await runtime.advance(1e9)
      expect(result.verdict).toBeUndefined()
      expect(await revisionsOf(handle)).toEqual(revisions)
    },
  )

  it('is answered late', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'lateAnswer', afterMs: 700 })
    const result = send(handle, append(-1))
    await runtime.advance(699)
    expect(await revisionsOf(handle)).toEqual([0])
    expect(result.verdict).toBeUndefined()
    await runtime.advance(1)
    expect(result.verdict).toEqual(written(0))
  })

  it('has its verdict withheld while the others of its batch have theirs', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'withheldVerdict', afterMs: 50 })
    const alone = send(handle, append(-1, [1], 'account-zoe'))
    const settled: number[] = []
    handle.append([append(-1), append(-1, [1], 'account-bob')], (index) => settled.push(index))
    await runtime.settle()
    expect(alone.verdict?.status).toBe('written')
    expect(settled).toEqual([1])
    await runtime.advance(50)
    expect(settled).toEqual([1, 0])
  })

  it('is delivered twice, and settled and stored once', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'sentTwice', afterMs: 300 })
    const result = send(handle, append(-1))
    await runtime.settle()
    expect(result.verdict).toEqual(written(0))
    await runtime.advance(300)
    expect(await revisionsOf(handle)).toEqual([0])
  })

  it('is slow', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'slowAppend', afterMs: 300 })
    const result = send(handle, append(-1))
    await runtime.advance(299)
    expect(await revisionsOf(handle)).toEqual([])
    await runtime.advance(1)
    expect(result.verdict).toEqual(written(0))
  })

  it('records every send: who, which, what happened, what the sender was told', async () => {
    const { handle, runtime, store } = await fixture()
    store.next({ kind: 'unknownAfterWrite' })
    const mine = append(-1)
    send(handle, mine)
    await runtime.settle()
    send(handle, mine)
    await runtime.settle()
    expect(
      store.sends.map(({ system, send, fault, verdict }) => [system, send, fault?.kind, verdict?.status]),
    ).toEqual([
      ['one', 1, 'unknownAfterWrite', 'unknown'],
      ['one', 2, undefined, 'written'],
    ])
    expect(store.sends[0]!.append).toBe(mine)
  })
})
