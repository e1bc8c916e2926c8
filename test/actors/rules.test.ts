import { expect, it } from 'vitest'
import { eventIdOf } from '../../src/event/event-id.ts'
import type { Append } from '../../src/store/event-store.ts'
import { stream } from './kit/note.ts'
import { caught, changedStore, inWorld, type Node, type World } from './kit/world.ts'

// The rules of the protocol, one by one. Some have more tests elsewhere, named alike: the whole of it is in
// invariants/, same-command, refreshing, snapshots, quarantine and asking; rule 19 is in two-processes.

const create = { type: 'Create', title: 'first' } as const
const rename = { type: 'Rename', title: 'renamed' } as const
const divide = { type: 'Divide' } as const
const patient = { timeoutMs: 600_000 }

async function created(world: World, settings = {}): Promise<Node> {
  const node = await world.start(settings)
  await world.run(node.note('a').ask(create))
  return node
}

const appendsOf = (world: World): readonly Append[] => [
  ...new Set(world.store.sends.map(({ append }) => append)),
]

it(
  'rule 1: an append is whole commands at an exact revision with ids of its own, at most one unsettled for a stream',
  inWorld(async (world) => {
    const underWay = new Set<string>()
    let most = 0
    const watched = changedStore(world.store, (store) => ({
      append(batch, settle) {
        for (const { stream: of } of batch) {
          expect(underWay.has(of)).toBe(false)
          underWay.add(of)
        }
        most = Math.max(most, underWay.size)
        store.append(batch, (index, verdict) => {
          underWay.delete(batch[index]!.stream)
          settle(index, verdict)
        })
      },
    }))
    const node = await world.start({ appendCommands: 7 }, watched)
    for (const id of ['a', 'b']) await world.run(node.note(id).ask(create))
    world.store.next({ kind: 'slowAppend', afterMs: 20 }, { times: 30 })
    const asked = Array.from({ length: 100 }, (_, nth) => node.note(nth % 2 === 0 ? 'a' : 'b').ask(divide))
    await world.run(Promise.all(asked))
    expect(most).toBe(2)
    const appends = appendsOf(world)
    expect(new Set(appends.map(({ id }) => id)).size).toBe(appends.length)
    for (const { commands } of appends) {
      expect(commands.length).toBeLessThanOrEqual(7)
      for (const { origin, events } of commands) expect(events).toHaveLength(origin.count)
    }
    const all = [...(await world.stored(stream('a'))), ...(await world.stored(stream('b')))]
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
  }),
)

it(
  'rule 1: the ids are never derived from the command: the same command decided again has others',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'conflict', by: 'stranger' })
    await world.run(node.note('a').ask(rename, { commandId: 'x' }))
    const ids = appendsOf(world)
      .filter(({ commands }) => commands[0]!.origin.commandId === 'x')
      .map(({ id }) => id)
    expect(ids).toHaveLength(2)
    expect(ids[0]).not.toBe(ids[1])
  }),
)

it(
  'rule 1: its bytes are frozen: what is sent again is the very same',
  inWorld(async (world) => {
    const node = await created(world)
    const seen: string[] = []
    const metadata = { who: 'me' }
    world.store.next({ kind: 'unknownBeforeWrite' }, { times: 3 })
    const asked = node.note('a').ask(rename, { ...patient, metadata })
    for (let nth = 0; nth < 4; nth++) {
      await world.runtime.advance(20_000)
      metadata.who = `somebody else ${nth}`
      for (const { append } of world.store.sends.slice(1 + seen.length)) seen.push(JSON.stringify(append))
    }
    await world.run(asked)
    expect(seen.length).toBe(4)
    expect(new Set(seen).size).toBe(1)
  }),
)

it(
  'rule 2: each event says its command, which of how many it is, the type and the writer',
  inWorld(async (world) => {
    const node = await created(world)
    await world.run(node.note('a').ask(divide, { commandId: 'x' }))
    for (const [index, event] of (await world.stored(stream('a'))).slice(1).entries()) {
      expect(event).toMatchObject({
        index,
        origin: { commandId: 'x', count: 3, commandType: 'Divide', system: node.system.id },
      })
    }
  }),
)

it(
  'rule 3: `written` from any send, however late, settles the append',
  inWorld(async (world) => {
    const node = await created(world, { appendTimeoutMs: 1_000 })
    // Taken as lost after a second, and nobody can read it; then the first answer comes after all.
    world.store.next({ kind: 'lateAnswer', afterMs: 30_000 })
    world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 1_000 })
    const asked = node.note('a').ask(rename, patient)
    await world.runtime.advance(29_000)
    expect(node.sightings('appendUnsettled')).toHaveLength(1)
    expect(await world.run(asked)).toMatchObject({ status: 'accepted', revision: 1 })
    expect(world.store.sends.filter(({ append }) => append.expectedRevision === 0)).toHaveLength(1)
  }),
)

it.each([
  ['unknown', { kind: 'unknownAfterWrite' }],
  ['conflict', { kind: 'conflict', by: 'stranger' }],
] as const)('rule 4: after %s the slot is read, and the event in it decides', (_name, fault) =>
  inWorld(async (world) => {
    const reads: number[] = []
    const watched = changedStore(world.store, (store) => ({
      readStream(of, options) {
        reads.push(options?.from ?? -1)
        return store.readStream(of, options)
      },
    }))
    const node = await world.start({}, watched)
    await world.run(node.note('a').ask(create))
    reads.length = 0
    world.store.next(fault)
    world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
    await world.run(node.note('a').ask(rename))
    expect(reads[0]).toBe(1)
    const slot = (await world.stored(stream('a')))[1]!
    const own = appendsOf(world).filter(({ expectedRevision }) => expectedRevision === 0)[0]!
    expect(slot.id === eventIdOf(own.id, 0)).toBe(fault.kind === 'unknownAfterWrite')
    expect(node.sightings('conflict')).toHaveLength(fault.kind === 'conflict' ? 1 : 0)
  })(),
)

it(
  'rule 5: an empty slot settles nothing: wait longer than two seconds, send the same bytes, without end',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'unknownBeforeWrite' }, { times: 40 })
    const asked = node.note('a').ask(rename, { timeoutMs: 3_600_000 })
    await world.runtime.advance(1_800_000)
    const sends = world.store.sends.filter(({ append }) => append.expectedRevision === 0)
    expect(sends).toHaveLength(41)
    for (const [nth, { at }] of sends.entries()) {
      if (nth > 0) expect(at - sends[nth - 1]!.at).toBeGreaterThan(2_000)
    }
    expect(node.log.about('an append is not settled', ['warn'])).toHaveLength(40)
    expect(await asked).toMatchObject({ status: 'accepted' })
  }),
)

it(
  'rule 6: `refused` settles an append that was sent once',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'refused', because: 'denied' })
    const failure = await world.failure(node.note('a').ask(rename))
    expect(failure).toMatchObject({ tag: 'AccessDenied' })
    expect(node.sightings('appendUnsettled')).toEqual([])
  }),
)

it(
  'rule 6: after any unknown send it does not: that one may be stored yet',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'lateArrival', afterMs: 20_000 })
    world.store.next({ kind: 'refused', because: 'denied' }, { times: 100 })
    const outcome = await world.run(node.note('a').ask(rename, { ...patient, commandId: 'x' }))
    // Refused each time that it was sent again, and stored all the same.
    expect(outcome).toMatchObject({ status: 'accepted', revision: 1 })
    expect(node.log.about('the store refused an append')).toEqual([])
    expect(await world.stored(stream('a'))).toHaveLength(2)
  }),
)

it(
  'rule 6: nor does it settle one that was sent twice: the first send was a conflict that nobody can read',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'phantomConflict' })
    world.store.next({ kind: 'refused', because: 'denied' }, { times: 2 })
    expect(await world.run(node.note('a').ask(rename, patient))).toMatchObject({ revision: 1 })
    expect(node.sightings('appendRefused')).toEqual([])
  }),
)

it(
  'rule 6: nor when it comes after the append was taken as unknown',
  inWorld(async (world) => {
    const late = changedStore(world.store, (store) => ({
      append(batch, settle) {
        if (batch[0]!.expectedRevision < 0 || world.store.sends.length > 1) return store.append(batch, settle)
        void store.append(batch, () => {
          world.runtime.clock.after(1_500, () =>
            settle(0, { status: 'refused', error: new Error('too late') }),
          )
        })
      },
    }))
    const node = await world.start({ appendTimeoutMs: 1_000 }, late)
    await world.run(node.note('a').ask(create))
    world.store.next({ kind: 'failedRead', afterEvents: 0 }, { times: 5 })
    expect(await world.run(node.note('a').ask(rename, patient))).toMatchObject({ revision: 1 })
    expect(node.sightings('appendRefused')).toEqual([])
  }),
)

it(
  'rule 7: a proven conflict drops the speculation and what it remembered, and undoes every unanswered decision',
  inWorld(async (world) => {
    const node = await created(world, { appendCommands: 1 })
    world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
    const asked = Array.from({ length: 5 }, (_, nth) =>
      node.note('a').ask({ type: 'Rename', title: `${nth}` }, { commandId: `${nth}`, ...patient }),
    )
    await world.runtime.advance(100)
    await (await world.stranger()).write(stream('a'), [{ type: 'Divided' }])
    const outcomes = await world.run(Promise.all(asked))
    // Had a dropped decision been remembered, its repeat would be a duplicate of nothing.
    expect(outcomes).toMatchObject([2, 3, 4, 5, 6].map((revision) => ({ revision, duplicate: false })))
    const decided = node.sightings('commandDecided').filter(({ commandId }) => commandId === '4')
    expect(decided.map(({ revision }) => revision)).toEqual([5, 6])
    expect((await world.run(node.note('a').state())).context).toEqual({ title: '4', changes: 5, parts: 2 })
  }),
)

it(
  'rule 7: the durable state is the stream through that slot: a read that does not show it yet is no recovery',
  inWorld(async (world) => {
    const node = await created(world, { maxConflictRetries: 1 })
    world.store.next({ kind: 'conflict', by: 'stranger' })
    world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
    // The slot is read as it is; the replica that is read afterwards lags behind for a while.
    world.store.next({ kind: 'staleRead', appendsBehind: 1 }, { after: 1, times: 4 })
    expect(await world.run(node.note('a').ask(rename))).toMatchObject({ status: 'accepted', revision: 2 })
    expect(node.sightings('conflict')).toHaveLength(1)
  }),
)

it(
  'rule 8: duplicate, then expectedRevision, then the machine; and a throw fails that command alone',
  inWorld(async (world) => {
    const node = await created(world)
    const a = node.note('a')
    const first = await world.run(a.ask(rename, { commandId: 'x' }))
    const asked = [
      a.ask(rename, { commandId: 'x', expectedRevision: 77 }),
      a.ask({ type: 'Explode' }, { expectedRevision: 77 }),
      a.ask({ type: 'Explode' }),
      a.ask({ type: 'Collapse' }),
      a.ask(rename),
    ]
    expect(await world.run(Promise.all(asked.map((one) => caught(one))))).toMatchObject([
      { ...first, duplicate: true },
      { code: 'StaleRevision' },
      { tag: 'MachineFault', path: 'Explode' },
      { tag: 'MachineFault', path: 'Collapsed' },
      { status: 'accepted', revision: 2 },
    ])
  }),
)

it(
  'rule 9: a duplicate is answered with the whole stored command, the same id of another type with CommandIdReused',
  inWorld(async (world) => {
    const first = await created(world)
    const outcome = await world.run(first.note('a').ask(divide, { commandId: 'x' }))
    await world.run(first.note('a').ask(rename))
    await world.stop(first)
    const node = await world.start()
    world.store.next({ kind: 'tornPages', events: 1 }, { times: 3 })
    expect(await world.run(node.note('a').ask(divide, { commandId: 'x' }))).toEqual({
      ...outcome,
      duplicate: true,
    })
    const failure = await world.failure(node.note('a').ask(rename, { commandId: 'x' }))
    expect(failure).toMatchObject({ tag: 'CommandIdReused', commandId: 'x' })
    expect(failure.message).toContain("belongs to a 'Divide' already")
    expect(await world.stored(stream('a'))).toHaveLength(5)
  }),
)

it(
  'rule 9: a hit of a fingerprint alone is no duplicate: the stored command id is compared',
  inWorld(async (world) => {
    const node = await created(world)
    // Two ids of one fingerprint, found by trying 302,620.
    await world.run(node.note('a').ask(rename, { commandId: 'command-8388' }))
    const other = await world.run(node.note('a').ask(rename, { commandId: 'command-302620' }))
    expect(other).toMatchObject({ status: 'accepted', duplicate: false, revision: 2 })
  }),
)

it(
  'rule 9: what was compared and found to be another is compared again after a conflict: it may be there now',
  inWorld(async (world) => {
    const node = await created(world)
    const a = node.note('a')
    await world.run(a.ask(rename, { commandId: 'command-8388' }))
    world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
    // Of the same fingerprint, so it is looked for, not found, decided, and on its way.
    const asked = a.ask(rename, { commandId: 'command-302620' })
    await world.runtime.advance(100)
    // Another process was quicker, with the very same command.
    const options = { commandId: 'command-302620', commandType: 'Rename' }
    await (await world.stranger()).write(stream('a'), [{ type: 'Renamed', title: 'renamed' }], options)
    expect(await world.run(asked)).toMatchObject({ status: 'accepted', duplicate: true, revision: 2 })
    expect(await world.stored(stream('a'))).toHaveLength(3)
  }),
)

it(
  'rule 9: a search for a duplicate is one read, however many commands come meanwhile; they wait behind it',
  inWorld(async (world) => {
    let reads = 0
    const counting = changedStore(world.store, (store) => ({
      readStream(of, options) {
        reads++
        return store.readStream(of, options)
      },
    }))
    const node = await world.start({}, counting)
    await world.run(node.note('a').ask(create, { commandId: 'x' }))
    reads = 0
    world.store.next({ kind: 'slowRead', afterMs: 1_000 })
    const asked: Promise<unknown>[] = [node.note('a').ask(create, { commandId: 'x' })]
    for (let nth = 0; nth < 10; nth++) {
      await world.runtime.advance(50)
      asked.push(node.note('a').ask(rename))
    }
    expect(node.sightings('commandDecided')).toHaveLength(1)
    expect(await world.run(Promise.all(asked))).toMatchObject([
      { revision: 0, duplicate: true },
      ...Array.from({ length: 10 }, (_, nth) => ({ revision: nth + 1 })),
    ])
    expect(reads).toBe(1)
  }),
)

it(
  'rule 10: what joins a command needs a head that is confirmed after it came, too',
  inWorld(async (world) => {
    const node = await created(world, { aheadCommands: 1 })
    const a = node.note('a')
    world.store.next({ kind: 'slowDelivery', afterMs: 60_000 }, { system: node.system.id })
    // Stored at once, answered late; the second command waits for its decision behind it.
    world.store.next({ kind: 'lateAnswer', afterMs: 1_000 })
    const divided = a.ask(divide)
    const asked = [a.ask({ type: 'Refuse' }, { commandId: 'x' })]
    await world.runtime.advance(500)
    await (await world.stranger()).write(stream('a'), [{ type: 'Closed' }])
    asked.push(a.ask({ type: 'Refuse' }, { commandId: 'x' }))
    expect(await world.run(divided)).toMatchObject({ revision: 3 })
    // The append of the first one says nothing about the head when the third one came.
    expect(await world.run(Promise.all(asked))).toMatchObject([
      { code: 'Done', revision: 4 },
      { code: 'Done', revision: 4 },
    ])
  }),
)

it(
  'rule 10: answers wait for all earlier events, and a refused check proves nothing but the need to look again',
  inWorld(async (world) => {
    const node = await created(world)
    const answered: string[] = []
    world.store.next({ kind: 'slowAppend', afterMs: 2_000 })
    world.store.next({ kind: 'refusedCheck' }, { times: 2 })
    const asked = [
      node
        .note('a')
        .ask(rename)
        .then(() => answered.push('renamed')),
      node
        .note('a')
        .ask({ type: 'Refuse' })
        .then(() => answered.push('refused')),
      node
        .note('a')
        .ask({ type: 'Touch' })
        .then(() => answered.push('touched')),
    ]
    await world.runtime.advance(1_900)
    expect(answered).toEqual([])
    await world.run(Promise.all(asked))
    expect(answered).toEqual(['renamed', 'refused', 'touched'])
    const later = await world.run(node.note('a').ask({ type: 'Refuse' }))
    expect(later).toMatchObject({ code: 'NotNow', revision: 1 })
  }),
)

it(
  'rule 10: a check that fails answers nobody; the next one does',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'failedCheck' }, { times: 3 })
    const asked = node.note('a').ask({ type: 'Refuse' })
    await world.runtime.advance(20)
    let isAnswered = false
    void asked.then(() => {
      isAnswered = true
    })
    await world.runtime.settle()
    expect(isAnswered).toBe(false)
    expect(await world.run(asked)).toMatchObject({ code: 'NotNow' })
  }),
)

it(
  'rule 11: a new process knows nothing of old attempts: they win the slot or die by it',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'lateArrival', afterMs: 10_000 })
    void caught(node.note('a').ask(divide, { commandId: 'old' }))
    await world.runtime.settle()
    world.kill(node)
    const next = await world.start()
    expect(await world.run(next.note('a').ask(rename, { commandId: 'new' }))).toMatchObject({ revision: 1 })
    await world.runtime.advance(60_000)
    // It arrived, and found its slot taken.
    expect((await world.stored(stream('a'))).map(({ type }) => type)).toEqual(['Created', 'Renamed'])
    expect(await world.run(next.note('a').ask(divide, { commandId: 'old' }))).toMatchObject({
      duplicate: false,
      revision: 4,
    })
  }),
)

it(
  'rule 12: W commands are remembered, live and after a restart alike, and the one before them is not',
  inWorld(async (world) => {
    const ask = (node: Node, nth: number) => node.note('a').ask(divide, { commandId: `${nth}` })
    const live = await created(world, { windowCommands: 4 })
    for (let nth = 0; nth < 6; nth++) await world.run(ask(live, nth))
    const other = await world.start({ windowCommands: 4, snapshotEvery: 0 })
    for (const node of [live, other]) {
      for (const nth of [2, 3, 4, 5]) {
        expect(await world.run(ask(node, nth))).toMatchObject({ duplicate: true, revision: 3 * nth + 3 })
      }
    }
    // Four commands were stored after it: it may have its effect again.
    expect(await world.run(ask(other, 1))).toMatchObject({ duplicate: false })
  }),
)

it(
  'rule 13: giving up is "unknown" once anything was sent',
  inWorld(async (world) => {
    const node = await created(world)
    for (const fault of [
      { kind: 'mute', effect: 'none' },
      { kind: 'unknownBeforeWrite' },
      { kind: 'phantomConflict' },
      { kind: 'slowAppend', afterMs: 900 },
    ] as const) {
      world.store.next(fault)
      const failure = await world.failure(node.note('a').ask(rename, { timeoutMs: 300 }))
      expect(failure).toMatchObject({ tag: 'CommandTimeout', executed: 'unknown' })
      await world.runtime.advance(100_000)
    }
  }),
)

it(
  'rule 14: what another wrote is applied by whole commands, and nothing of it twice',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'tornDelivery', afterMs: 5_000 }, { system: node.system.id })
    const three = [{ type: 'Divided' }, { type: 'Divided' }, { type: 'Divided' }]
    await (await world.stranger()).write(stream('a'), three)
    await world.runtime.settle()
    expect((await world.run(node.note('a').state())).revision).toBe(0)
    await world.runtime.advance(6_000)
    expect(await world.run(node.note('a').state())).toMatchObject({ revision: 3, context: { parts: 4 } })
    expect(node.sightings('refreshed')).toMatchObject([{ events: 3 }])
  }),
)

it(
  'rule 15: nothing is decided ahead while an append is unknown, nor beyond a bound in commands and bytes',
  inWorld(async (world) => {
    const node = await created(world, { aheadCommands: 8 })
    world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
    const asked = Array.from({ length: 30 }, () => node.note('a').ask(rename, patient))
    await world.runtime.advance(500)
    expect(node.sightings('commandDecided')).toHaveLength(1 + 8)
    await world.run(Promise.all(asked))

    const bytes = await world.start({ aheadBytes: 5_000 })
    world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
    const large = { type: 'Rename', title: 'x'.repeat(1_000) } as const
    const more = Array.from({ length: 30 }, () => bytes.note('a').ask(large, patient))
    await world.runtime.advance(500)
    expect(bytes.sightings('commandDecided')).toHaveLength(5)
    await world.run(Promise.all(more))

    const unknown = await world.start()
    world.store.next({ kind: 'unknownBeforeWrite' })
    const first = unknown.note('a').ask(rename, patient)
    await world.runtime.settle()
    const behind = unknown.note('a').ask(rename, patient)
    await world.runtime.settle()
    expect(unknown.sightings('commandDecided')).toHaveLength(1)
    await world.run(Promise.all([first, behind]))
  }),
)

it(
  'rule 16: an ask joins the same command in the mailbox, once more after it was rewound',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'unknownBeforeWrite' })
    const asked = [node.note('a').ask(divide, { ...patient, commandId: 'x' })]
    await world.runtime.settle()
    asked.push(node.note('a').ask(divide, { ...patient, commandId: 'x' }))
    await (await world.stranger()).write(stream('a'), [{ type: 'Divided' }])
    asked.push(node.note('a').ask(divide, { ...patient, commandId: 'x' }))
    const outcomes = await world.run(Promise.all(asked))
    expect(outcomes).toMatchObject([1, 2, 3].map(() => ({ status: 'accepted', revision: 4 })))
    expect(node.sightings('commandReceived').filter(({ commandId }) => commandId === 'x')).toHaveLength(1)
  }),
)

it(
  'rule 17: `rejected` is final for this ask only: an earlier one whose outcome was unknown may still take effect',
  inWorld(async (world) => {
    const first = await created(world)
    world.store.next({ kind: 'lateArrival', afterMs: 10_000 })
    void caught(first.note('a').ask({ type: 'Close' }, { commandId: 'x' }))
    await world.runtime.settle()
    world.kill(first)
    const node = await world.start()
    // Rejected now; the old append is on its way still, and nothing fills its slot.
    const rejected = await world.run(
      node.note('a').ask({ type: 'Close' }, { commandId: 'x', expectedRevision: 5 }),
    )
    expect(rejected).toMatchObject({ code: 'StaleRevision', revision: 0 })
    await world.runtime.advance(20_000)
    expect((await world.stored(stream('a'))).map(({ type }) => type)).toEqual(['Created', 'Closed'])
    expect(await world.run(node.note('a').ask({ type: 'Close' }, { commandId: 'x' }))).toMatchObject({
      status: 'accepted',
      duplicate: true,
    })
  }),
)

it(
  'rule 18: `state()` shows the durable state, never what is decided and not stored',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'slowAppend', afterMs: 1_000 })
    const asked = node.note('a').ask(rename)
    await world.runtime.advance(500)
    expect(node.sightings('commandDecided')).toHaveLength(2)
    expect(await world.run(node.note('a').state())).toMatchObject({
      revision: 0,
      context: { title: 'first' },
    })
    await world.run(asked)
    expect(await world.run(node.note('a').state())).toMatchObject({ revision: 1 })
  }),
)

it(
  'rule 20: a live aggregate whose revision is beyond the store is told from one that only waits',
  inWorld(async (world) => {
    const node = await created(world)
    world.store.next({ kind: 'phantomConflict' }, { times: 15 })
    const asked = caught(node.note('a').ask(rename, patient))
    await world.runtime.advance(300_000)
    // The revision that it stands on is there: it waits, and is not put into quarantine.
    expect(node.sightings('quarantined')).toEqual([])
    expect(await world.run(asked)).toMatchObject({ status: 'accepted' })
  }),
)
