import type { Runtime } from '../../runtime.ts'
import type { Append, DecidedCommand, Verdict } from '../../store/event-store.ts'
import { InjectedFault, type StoreOperation } from './fault.ts'
import type { FaultLog } from './fault-log.ts'
import type { LateEffects } from './late-effects.ts'
import type { Leader } from './leader.ts'

/** What the appends of a faulty store go through, shared by all its handles. */
export interface AppendWorld {
  readonly runtime: Runtime
  readonly leader: Leader
  readonly log: FaultLog
  readonly late: LateEffects
  /** What another writer stores in the slot of this append. */
  readonly rival: (append: Append, by: 'stranger' | 'sameCommand') => Append
  /** After so long the store gives up waiting and answers that it does not know. */
  readonly answerLimitMs: number
}

/** One send on its way to the store and back. `answer` may be called more than once: the first answer counts. */
export interface Send {
  readonly append: Append
  readonly operation: StoreOperation
  readonly answer: (verdict: Verdict) => void
}

/** The way of a send that nothing happens to. */
export function sendPlainly(world: AppendWorld, { append, operation, answer }: Send): void {
  world.leader.arrive(append, (arrival) => {
    if (arrival.kind === 'answered') return answer(arrival.verdict)
    world.log.count(arrival.kind, operation)
    if (arrival.kind === 'conflictWithUncommitted') return answer(arrival.verdict)
    if (arrival.repeats === 'unknown') {
      world.late.after(world.answerLimitMs, () => answer(unknown('droppedRepeat')))
    }
  })
}

export function unknown(kind: string): Verdict {
  return { status: 'unknown', cause: new InjectedFault(kind) }
}

/** Another writer that decided the same at the same revision, and was first. */
export function rivalOf(append: Append, by: 'stranger' | 'sameCommand', uuid: () => string): Append {
  const [first] = append.commands
  const origin = { ...first!.origin, system: `rival-${uuid().slice(0, 8)}` }
  const command: DecidedCommand = {
    ...first!,
    origin: by === 'sameCommand' ? origin : { ...origin, commandId: uuid() },
  }
  return { ...append, id: appendIdOf(uuid()), commands: [command] }
}

/** An id of an append ends in the digits that number its events. */
export function appendIdOf(uuid: string): string {
  return `${uuid.slice(0, 32)}0000`
}
