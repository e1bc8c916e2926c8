import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../src/outcome.ts'
import type { Ask, History, Violation } from '../history.ts'
import { emptyLedger } from '../ledger-model.ts'
import { checkLinearizable } from './linearizable.ts'
import type { StoredStream } from './stored-command.ts'

const stream = 'ledger-a1'

/** An ask that began and ended at these instants; without an outcome its caller never learnt it. */
function ask(commandId: string, [askedAt, answeredAt]: readonly [number, number?], outcome?: Outcome): Ask {
  return {
    nth: askedAt,
    system: 's1',
    node: 'n1.1',
    stream,
    command: { type: 'Add', amount: 1 },
    commandId,
    expectedRevision: undefined,
    goneAfterMs: undefined,
    timeoutMs: 0,
    how: 'ask',
    askedAt,
    askedAtMs: 0,
    ...(answeredAt === undefined ? {} : { answeredAt }),
    ...(outcome === undefined ? {} : { result: { kind: 'outcome', outcome } as const }),
  }
}

const wrote = (revision: number): Outcome => ({
  status: 'accepted',
  commandId: '',
  revision,
  events: [{ type: 'Added' }],
  duplicate: false,
})
const refusedAt = (revision: number): Outcome => ({
  status: 'rejected',
  commandId: '',
  revision,
  code: 'Even',
  message: '',
})

/** A log with one event of each command, in this order. */
function log(...commandIds: readonly string[]): StoredStream {
  const commands = commandIds.map((commandId, nth) => ({
    stream,
    commandId,
    commandType: 'Add',
    system: 's1',
    first: nth,
    last: nth,
    events: [],
    before: emptyLedger,
    committed: { earliest: 0, latest: 0 },
  }))
  return { commands, states: [], committed: [], ends: new Set(), isMisfit: false }
}

function violationsOf(stored: StoredStream, ...asks: readonly Ask[]): readonly string[] {
  const violations: Violation[] = []
  const history = {
    asks,
    looks: [],
    log: new Map(),
    commits: [],
    windowCommands: 1,
    setBacks: 0,
    blockedMs: 0,
    calm: 'shared',
  }
  checkLinearizable(history as History, new Map([[stream, stored]]), violations)
  return violations.map(({ what }) => what)
}

describe('linearizability', () => {
  test('holds where effects stand in the order in which they were asked and answered', () => {
    const found = violationsOf(log('a', 'b'), ask('a', [1, 2], wrote(0)), ask('b', [3, 4], wrote(1)))
    expect(found).toEqual([])
  })

  test('leaves the order open to those that overlap', () => {
    const found = violationsOf(log('b', 'a'), ask('a', [1, 4], wrote(1)), ask('b', [2, 3], wrote(0)))
    expect(found).toEqual([])
  })

  test('is broken by an effect before one that was over when it was asked', () => {
    const found = violationsOf(log('b', 'a'), ask('a', [1, 2], wrote(1)), ask('b', [3, 4], wrote(0)))
    expect(found).toEqual([`b at 0 of ${stream} began when a at 1 was over, and stands before it`])
  })

  test('is broken by a refusal that did not see what was over when it was asked', () => {
    const found = violationsOf(log('a'), ask('a', [1, 2], wrote(0)), ask('b', [3, 4], refusedAt(-1)))
    expect(found).toEqual([`#3 of ${stream} began when a at 0 was over, and stands before it`])
  })

  test('is broken by an effect before a refusal that had not seen it', () => {
    const found = violationsOf(log('a', 'c'), ask('b', [1, 2], refusedAt(1)), ask('a', [3, 4], wrote(0)))
    expect(found).toEqual([`a at 0 of ${stream} began when #1 was over, and stands before it`])
  })

  test('leaves an ask open whose caller gave up, until its slot is filled', () => {
    const found = violationsOf(
      log('b', 'late'),
      ask('late', [1]),
      ask('b', [2, 3], wrote(0)),
      ask('c', [4, 5], refusedAt(0)),
    )
    expect(found).toEqual([])
  })

  test('does not let an effect stand before what was over when it was first asked, though nobody was answered', () => {
    const found = violationsOf(log('late', 'a'), ask('a', [1, 2], wrote(1)), ask('late', [3]))
    expect(found).toHaveLength(1)
  })

  test('takes a duplicate for what it is: an effect of long ago', () => {
    const found = violationsOf(
      log('a', 'b'),
      ask('a', [1, 2], wrote(0)),
      ask('b', [3, 4], wrote(1)),
      ask('a', [5, 6], { ...wrote(0), duplicate: true } as Outcome),
    )
    expect(found).toEqual([])
  })

  test('does not take a command of a stranger for anybody’s', () => {
    expect(violationsOf(log('stranger', 'a'), ask('a', [1, 2], wrote(1)))).toEqual([])
  })
})
