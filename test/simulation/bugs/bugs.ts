/** A bug to be sown into the runtime, so that the simulation shows whether it would find it. */
export interface Bug {
  readonly name: string
  /** From the root of the repository. */
  readonly file: string
  /** Stands exactly once in the file. */
  readonly find: string
  readonly replace: string
}

const actor = 'actors/aggregate'

export const bugs: readonly Bug[] = [
  {
    name: 'reply before durable',
    file: `${actor}/answers.ts`,
    find: `if (entry.revision > durable.revision) return`,
    replace: `if (entry.revision > actor.liveRevision) return`,
  },
  {
    name: 'event ids made of the command id',
    file: `${actor}/appends.ts`,
    find: `const id = environment.appendId()`,
    replace: `const hex = (fingerprintOf(entries[0]!.commandId) >>> 0).toString(16).padStart(8, '0')
  const id = \`\${hex}-0000-8000-a000-000000000000\``,
  },
  {
    name: "an absent read taken as 'not written'",
    file: `${actor}/unsettled.ts`,
    find: `const waitedMs = runtime.clock.now() - since`,
    replace: `if (slot === undefined) {
      conflictProven(actor, inFlight)
      return
    }
    const waitedMs = runtime.clock.now() - since`,
  },
  {
    name: 'a conflict taken as proven without its slot',
    file: `${actor}/appends.ts`,
    find: 'becomeUnsettled(actor, inFlight, `the store stands at',
    replace: 'void becomeUnsettled, restart(actor, new Error("conflict")), void (`the store stands at',
  },
  {
    name: 'snapshot without its window',
    file: `${actor}/snapshots.ts`,
    find: `const window = durable.window.dump()`,
    replace: `const window = ''`,
  },
  {
    name: 'wrong snapshot revision',
    file: `${actor}/snapshots.ts`,
    find: `return { revision: durable.revision, eventId`,
    replace: `return { revision: durable.revision - 1, eventId`,
  },
  {
    name: 'snapshot of the live state',
    file: `${actor}/snapshots.ts`,
    find: `state: behaviour.dump(durable.state),`,
    replace: `state: behaviour.dump(actor.liveState!),`,
  },
  {
    name: 'a damaged snapshot believed',
    file: `${actor}/replay.ts`,
    find: `return { status: 'otherHistory', events }`,
    replace: `continue`,
  },
  {
    name: 'our own tail event applied twice',
    file: `${actor}/refreshing.ts`,
    find: `    settleBy(actor, actor.inFlight, event)
    return`,
    replace: `    collect(actor, durable, event)
    return`,
  },
  {
    name: 'older tail events applied again',
    file: `${actor}/refreshing.ts`,
    find: `if (event.revision < next) return`,
    replace: `if (event.revision < next - 1) return`,
  },
  {
    name: 'a gap in the tail overlooked',
    file: `${actor}/refreshing.ts`,
    find: `if (event.revision > next) {`,
    replace: `if (event.revision > next + 1) {`,
  },
  {
    name: 'a rejection from a stale node',
    file: `${actor}/answers.ts`,
    find: `if (entry.stage === 'unconfirmed' && !isConfirmed(actor, entry)) {`,
    replace: `if (entry.stage === 'unconfirmed' && actor.durable === undefined) {`,
  },
  {
    name: 'a head check from before the command',
    file: `${actor}/answers.ts`,
    find: `    confirmation.askedAt > entry.arrival &&
`,
    replace: ``,
  },
  {
    name: 'waiting for ever on our own id',
    file: `${actor}/unsettled.ts`,
    find: `) settleWritten(actor, inFlight)
  else if (actor.phase`,
    replace: `) return
  else if (actor.phase`,
  },
  {
    name: 'our own event taken as the winner of a conflict',
    file: `${actor}/unsettled.ts`,
    find: `, slot.id, 0)) settleWritten(`,
    replace: `, slot.id, 0) && inFlight.sends > 99) settleWritten(`,
  },
  {
    name: 'a refusal believed after an unknown send',
    file: `${actor}/appends.ts`,
    find: `if (inFlight.mayBeStored) becomeUnsettled`,
    replace: `if (inFlight.sends > 99) becomeUnsettled`,
  },
  {
    name: 'a verdict applied to another append',
    file: `${actor}/appends.ts`,
    find: `  if (inFlight.settled) return
  switch (verdict.status) {`,
    replace: `  if (inFlight.settled) {
    if (verdict.status === 'written' && actor.inFlight !== undefined) settleWritten(actor, actor.inFlight)
    return
  }
  switch (verdict.status) {`,
  },
  {
    name: 'forgotten rewind of the mailbox',
    file: `${actor}/restart.ts`,
    find: `actor.mailbox.rewind()`,
    replace: ``,
  },
  {
    name: 'forgotten rewind of the live state',
    file: `${actor}/restart.ts`,
    find: `  actor.liveState = durable.state
`,
    replace: ``,
  },
  {
    name: 'a refresh keeps what was decided before it',
    file: `${actor}/refreshing.ts`,
    find: `  rewind(actor)
  const { inspection`,
    replace: `  actor.liveState = durable.state
  actor.liveRevision = durable.revision
  const { inspection`,
  },
  {
    name: 'half a command visible in the tail',
    file: `${actor}/refreshing.ts`,
    find: `if (command.length < (event.origin?.count ?? 1)) {`,
    replace: `if (command.length < 1) {`,
  },
  {
    name: 'half a command visible in a replay',
    file: `${actor}/replay.ts`,
    find: `if (command.length < countOf(event)) continue`,
    replace: ``,
  },
  {
    name: 'eviction of a dirty aggregate',
    file: `${actor}/passivated.ts`,
    find: `if (actor.phase !== 'running' || !actor.idle) return`,
    replace: `if (actor.phase !== 'running' || actor.mailbox.undecided > 0) return`,
  },
  {
    name: 'permit leak',
    file: `${actor}/recovering.ts`,
    find: `  recoveries.release()
  await lifetime`,
    replace: `  await lifetime`,
  },
  {
    name: 'lost wake-up after an append',
    file: `${actor}/appends.ts`,
    find: `if (actor.mailbox.undecided > 0) actor.turns.schedule(actor)
  else if`,
    replace: `if`,
  },
  {
    name: 'lost wake-up of an event writer',
    file: 'actors/event-writer.ts',
    find: `    if (batch.open === 0) this.#timeouts.remove(batch)
    this.#wake()`,
    replace: `    if (batch.open === 0) this.#timeouts.remove(batch)`,
  },
  {
    name: 'a duplicate in the mailbox decided again',
    file: `${actor}/running.ts`,
    find: `if (before !== undefined) follow(actor, entry, before)
  else`,
    replace: `void before, void follow
 `,
  },
  {
    name: 'the window remembers one command too few',
    file: 'actors/window.ts',
    find: `if (this.#few === capacity)`,
    replace: `if (this.#few >= Math.max(1, capacity - 1))`,
  },
  {
    name: 'fingerprints believed without a look',
    file: `${actor}/running.ts`,
    find: `if (revisions.length > 0) {`,
    replace: `if (revisions.length > 1) {`,
  },
  {
    name: "'not executed' said of a decided command",
    file: 'actors/entry.ts',
    find: `const mayBe = this.stage === 'accepted' ||`,
    replace: `const mayBe =`,
  },
  {
    name: 'a timed-out command decided after all',
    file: `${actor}/answers.ts`,
    find: `    leave(actor, entry)
    entry.stage = 'gone'
    actor.givenUp++`,
    replace: `    leave(actor, entry)`,
  },
  {
    name: 'counts of commands never go down after a timeout',
    file: `${actor}/answers.ts`,
    find: `    leave(actor, entry)
    entry.stage = 'gone'
    actor.givenUp++`,
    replace: `    entry.stage = 'gone'
    actor.givenUp++`,
  },
  {
    name: 'an expected revision overlooked',
    file: `${actor}/running.ts`,
    find: `if (expectedRevision !== undefined && expectedRevision !== actor.liveRevision) {`,
    replace: `if (expectedRevision !== undefined && expectedRevision > actor.liveRevision) {`,
  },
  {
    name: 'a timeout that waits for the store',
    file: `${actor}/answers.ts`,
    find: `  if (asker.settled) return
  asker.settled = true
  entry.keepers--`,
    replace: `  if (asker.settled || actor.phase === 'unsettled') return
  asker.settled = true
  entry.keepers--`,
  },
  {
    name: 'one slow aggregate holds up its writer',
    file: 'actors/event-writer.ts',
    find: `taken < room`,
    replace: `taken < room && this.#underWay === 0`,
  },
  {
    name: 'a verdict waits for a turn that never comes',
    file: `${actor}/aggregate-actor.ts`,
    find: `    this.heard = heard
    this.turns.schedule(this)`,
    replace: `    this.heard = heard`,
  },
  {
    name: 'stop forgets what is under way',
    file: 'actors/system.ts',
    find: `const { commandId, command, executed } = entry`,
    replace: `const { commandId, command } = entry
        const executed = 'no' as const`,
  },
]
