import { AccessDenied } from '../../errors.ts'
import { type AppendWorld, type Send, sendPlainly, unknown } from './append-path.ts'
import { type AppendFault, InjectedFault, type Refusal } from './fault.ts'
import { unavailable } from './store-world.ts'

type FaultOfKind<Kind> = Extract<AppendFault, { kind: Kind }>
type Way<F extends AppendFault> = (world: AppendWorld, send: Send, fault: F) => void

/** The way of a send that this fault happens to. */
export function sendThrough(world: AppendWorld, fault: AppendFault, send: Send): void {
  const way = ways[fault.kind] as Way<AppendFault>
  way(world, send, fault)
}

const answeredLate: Way<FaultOfKind<'lateAnswer' | 'withheldVerdict'>> = (world, send, fault) => {
  sendPlainly(world, {
    ...send,
    answer: (verdict) => world.late.after(fault.afterMs, () => send.answer(verdict)),
  })
}

const heldUncommitted: Way<FaultOfKind<'lateCommit' | 'vanishingTail'>> = (world, send, fault) => {
  const done = world.late.begin()
  void world.leader.hold(send.append, fault.repeats).then((isHeld) => {
    if (!isHeld) sendPlainly(world, send)
    else if (fault.kind === 'lateCommit') commitLate(world, send, fault.afterMs)
    else vanish(world, send, fault.afterMs)
    done()
  })
}

const ways: { readonly [Kind in AppendFault['kind']]: Way<FaultOfKind<Kind>> } = {
  conflict(world, send, { by }) {
    world.leader.arrive(world.rival(send.append, by), () => sendPlainly(world, send))
  },
  phantomConflict({ runtime }, { append, answer }) {
    // The revision it names is that of the event which nobody will ever read.
    runtime.soon(() => answer({ status: 'conflict', revision: append.expectedRevision + 1 }))
  },
  refused({ runtime }, { answer }, { because }) {
    runtime.soon(() => answer({ status: 'refused', error: refusalOf(because) }))
  },
  unknownBeforeWrite({ runtime }, { answer }, { kind }) {
    runtime.soon(() => answer(unknown(kind)))
  },
  unknownAfterWrite(world, send, { kind }) {
    sendPlainly(world, { ...send, answer: () => send.answer(unknown(kind)) })
  },
  lateArrival(world, send, { kind, afterMs }) {
    world.late.after(world.answerLimitMs, () => send.answer(unknown(kind)))
    world.late.after(afterMs, () => sendPlainly(world, send))
  },
  lateCommit: heldUncommitted,
  vanishingTail: heldUncommitted,
  mute(world, send, { effect }) {
    if (effect === 'written') sendPlainly(world, { ...send, answer: () => undefined })
  },
  lateAnswer: answeredLate,
  withheldVerdict: answeredLate,
  sentTwice(world, send, { afterMs }) {
    world.late.after(afterMs, () => sendPlainly(world, send))
    sendPlainly(world, send)
  },
  slowAppend(world, send, { afterMs }) {
    world.late.after(afterMs, () => sendPlainly(world, send))
  },
}

function commitLate(world: AppendWorld, { append, answer }: Send, afterMs: number): void {
  world.late.after(world.answerLimitMs, () => answer(unknown('lateCommit')))
  world.late.after(afterMs, () => world.leader.commit(append, answer))
}

function vanish(world: AppendWorld, { append, answer }: Send, afterMs: number): void {
  world.late.after(afterMs, () => world.leader.lose(append))
  world.late.after(Math.min(afterMs, world.answerLimitMs), () => answer(unknown('vanishingTail')))
}

function refusalOf(because: Refusal): Error {
  const cause = new InjectedFault(`refused: ${because}`)
  switch (because) {
    case 'unreachable':
      return unavailable('The append', cause.kind)
    case 'denied':
      return new AccessDenied('The store denied an append.', cause)
    case 'content':
      return cause
  }
}
