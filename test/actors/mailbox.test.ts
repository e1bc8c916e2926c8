import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Mailbox, type Queued } from '../../actors/mailbox.ts'

class Numbered implements Queued<Numbered> {
  behind: Numbered | undefined
  readonly number: number
  constructor(number: number) {
    this.number = number
  }
}

/** What a mailbox is, in the plainest way: entries that wait for answers, then entries that wait for decisions. */
class PlainMailbox {
  unanswered: Numbered[] = []
  undecided: Numbered[] = []
}

type Step = (mailbox: Mailbox<Numbered>, plain: PlainMailbox, fresh: () => Numbered) => void

const steps: Readonly<Record<string, Step>> = {
  push(mailbox, plain, fresh) {
    const entry = fresh()
    mailbox.push(entry)
    plain.undecided.push(entry)
  },
  consume(mailbox, plain) {
    if (plain.undecided.length === 0) {
      expect(() => mailbox.consume()).toThrow('nothing to consume')
      return
    }
    mailbox.consume()
    plain.unanswered.push(plain.undecided.shift()!)
  },
  commit(mailbox, plain) {
    if (plain.unanswered.length === 0) {
      expect(() => mailbox.commit()).toThrow('nothing to commit')
      return
    }
    mailbox.commit()
    plain.unanswered.shift()
  },
  rewind(mailbox, plain) {
    mailbox.rewind()
    plain.undecided = [...plain.unanswered, ...plain.undecided]
    plain.unanswered = []
  },
  retain(mailbox, plain) {
    const keep = ({ number }: Numbered): boolean => number % 3 !== 0
    mailbox.retain(keep)
    plain.undecided = plain.undecided.filter(keep)
  },
}

const step = fc.oneof(
  { weight: 6, arbitrary: fc.constant('push') },
  { weight: 4, arbitrary: fc.constant('consume') },
  { weight: 4, arbitrary: fc.constant('commit') },
  { weight: 1, arbitrary: fc.constant('rewind') },
  { weight: 1, arbitrary: fc.constant('retain') },
)

const numbersOf = (entries: readonly Numbered[]): readonly number[] => entries.map(({ number }) => number)

it('is a queue with three offsets, whatever is done to it', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (names) => {
      const mailbox = new Mailbox<Numbered>()
      const plain = new PlainMailbox()
      let entries = 0
      for (const name of names) {
        steps[name]?.(mailbox, plain, () => new Numbered(++entries))
        const all: Numbered[] = []
        mailbox.forEach((entry) => void all.push(entry))
        expect(numbersOf(all)).toEqual(numbersOf([...plain.unanswered, ...plain.undecided]))
        expect(mailbox.size).toBe(all.length)
        expect(mailbox.undecided).toBe(plain.undecided.length)
        expect(mailbox.unanswered).toBe(plain.unanswered.length)
        expect(mailbox.nextUndecided).toBe(plain.undecided[0])
        expect(mailbox.nextUnanswered).toBe(plain.unanswered[0])
      }
    }),
  )
})

it('counts its offsets from the first entry ever', () => {
  const mailbox = new Mailbox<Numbered>()
  for (let nth = 0; nth < 200; nth++) {
    mailbox.push(new Numbered(nth))
    mailbox.consume()
    mailbox.commit()
  }
  mailbox.push(new Numbered(200))
  expect(mailbox.offsets).toEqual({ next: 201, consumed: 200, committed: 200 })
})

it('loses no entry by a rewind: an entry leaves only when its answer has left', () => {
  const mailbox = new Mailbox<Numbered>()
  for (const number of [1, 2, 3]) mailbox.push(new Numbered(number))
  mailbox.consume()
  mailbox.consume()
  mailbox.commit()
  mailbox.rewind()
  expect(mailbox.nextUndecided?.number).toBe(2)
  expect(mailbox.undecided).toBe(2)
})

it('keeps nothing of what came after an entry that has left', () => {
  const mailbox = new Mailbox<Numbered>()
  const first = new Numbered(1)
  mailbox.push(first)
  mailbox.push(new Numbered(2))
  mailbox.consume()
  mailbox.commit()
  expect(first.behind).toBeUndefined()
})
