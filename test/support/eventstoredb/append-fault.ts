import type { Runtime } from '../../../src/runtime.ts'
import type { EventLog } from './event-log.ts'
import type { Fault, Refusal } from './faults.ts'
import type { WriteAnswer } from './log-writer.ts'

/** What an append does when no fault meets it, and how its call is ended or refused when one does. */
export interface AppendUnderFault {
  readonly carryOut: (answer: (answer: WriteAnswer) => void) => void
  readonly answer: (answer: WriteAnswer) => void
  readonly refuse: (refusal: Refusal) => void
  readonly endCall: (code: number) => void
}

/** Carries out one append as the fault wants it. */
export function appendUnder(fault: Fault, append: AppendUnderFault, log: EventLog, runtime: Runtime): void {
  const after = (ms: number, task: () => void): void => void runtime.clock.after(ms, task, 'background')
  switch (fault.kind) {
    case 'dropAnswer':
      append.carryOut(() => {})
      return
    case 'answerLate':
      append.carryOut((answer) => after(fault.ms, () => append.answer(answer)))
      return
    case 'carryOutLate':
      after(fault.ms, () => append.carryOut(() => {}))
      return
    case 'commitLate':
      log.holdCommits()
      after(fault.ms, () => log.releaseCommits())
      append.carryOut(append.answer)
      return
    case 'stayMute':
      return
    case 'refuse':
      append.refuse(fault.with)
      return
    case 'endCall':
      if (fault.after === 'done') {
        append.carryOut(() => append.endCall(fault.code))
        return
      }
      append.endCall(fault.code)
      return
  }
}
