import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CommandMailbox } from '../../actors/command-mailbox.ts'
import { Entry, estimatedBytes, type Stage } from '../../actors/entry.ts'
import { fingerprintOf } from '../../actors/fingerprint.ts'

const entryOf = (commandId: string): Entry =>
  new Entry({ type: 'Do' }, commandId, fingerprintOf(commandId), 'byCaller', undefined)

describe('an entry of a mailbox', () => {
  const stages: readonly Stage[] = ['undecided', 'accepted', 'unconfirmed', 'follows', 'failed', 'gone']

  it.each([
    ['undecided', 'no', 'unknown'],
    ['accepted', 'unknown', 'unknown'],
    ['unconfirmed', 'no', 'unknown'],
    ['follows', 'unknown', 'unknown'],
    ['failed', 'no', 'no'],
    ['gone', 'no', 'no'],
  ] as const)(
    'that is %s may have been executed: %s, and for others who wait: %s',
    (stage, alone, forOthers) => {
      const entry = entryOf('x')
      entry.stage = stage
      expect(entry.executed).toBe(alone)
      expect(entry.executedForOthers).toBe(alone)
      entry.keepers = 1
      expect(entry.executed).toBe(alone)
      expect(entry.executedForOthers).toBe(forOthers)
    },
  )

  it('whose command stands before it as accepted may have been executed by that', () => {
    for (const stage of stages) {
      const [first, second, third] = [entryOf('x'), entryOf('x'), entryOf('x')]
      second.earlier = first
      third.earlier = second
      first.stage = stage
      expect(third.acceptedBefore).toBe(stage === 'accepted' ? first : undefined)
      expect(third.executed).toBe(stage === 'accepted' ? 'unknown' : 'no')
    }
  })
})

describe('the estimate of bytes', () => {
  it('grows with what is there, of any shape', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.jsonValue({ maxDepth: 6 }), (left, right) => {
        const [one, both] = [estimatedBytes({ left }), estimatedBytes({ left, right })]
        expect(one).toBeGreaterThan(0)
        expect(both).toBeGreaterThan(one)
      }),
    )
  })

  it('is at least what the text takes, in UTF-16', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        expect(estimatedBytes(value)).toBeGreaterThanOrEqual(textOf(value) * 2)
      }),
    )
  })

  it('ends at a depth that no payload has', () => {
    let deep: unknown = 'x'.repeat(1_000)
    for (let level = 0; level < 100; level++) deep = [deep]
    expect(estimatedBytes(deep)).toBeLessThan(1_000)
  })
})

function textOf(value: unknown): number {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object' || value === null) return 0
  return Object.values(value).reduce((sum: number, part) => sum + textOf(part), 0)
}

type Step = { readonly kind: 'push' | 'leave'; readonly nth: number } | { readonly kind: 'commit' }

describe('the mailbox of an aggregate', () => {
  const steps = fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.record({ kind: fc.constant('push' as const), nth: fc.nat({ max: 6 }) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('leave' as const), nth: fc.nat({ max: 40 }) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('commit' as const) }) },
    ),
    { maxLength: 120 },
  )

  it('finds the last entry of an id that is still there, however long it is', () => {
    fc.assert(
      fc.property(steps, (all: readonly Step[]) => {
        const mailbox = new CommandMailbox()
        let there: Entry[] = []
        const leave = (entry: Entry): void => {
          mailbox.leave(entry)
          there = there.filter((other) => other !== entry)
        }
        for (const step of all) {
          if (step.kind === 'push') {
            const entry = entryOf(`${step.nth}`)
            entry.earlier = mailbox.find(`${step.nth}`)
            mailbox.push(entry)
            there.push(entry)
          } else if (step.kind === 'leave') {
            // Anywhere: it keeps its place for a while.
            const entry = there[step.nth % Math.max(1, there.length)]
            if (entry !== undefined) leave(entry)
          } else if (mailbox.size > 0) {
            const [first] = entriesOf(mailbox)
            if (!first!.left) leave(first!)
            if (mailbox.unanswered === 0) mailbox.consume()
            mailbox.commit()
          }
          for (let id = 0; id <= 7; id++) {
            expect(mailbox.find(`${id}`)).toBe(there.findLast(({ commandId }) => commandId === `${id}`))
          }
        }
      }),
    )
  })
})

function entriesOf(mailbox: CommandMailbox): readonly Entry[] {
  const entries: Entry[] = []
  mailbox.forEach((entry) => void entries.push(entry))
  return entries
}
