import type { Fault } from '../../src/testing/index.ts'
import type { LedgerCommand } from './ledger-model.ts'
import { idOfStream, type Plan, type RecordedFault, type Step } from './plan.ts'

/** A plan as a person reads it: who does what, when, and what goes wrong. */
export function narrated({ nodes, streams, ownEvents, settings, steps, faults }: Plan): string {
  const aggregates = Array.from({ length: streams }, (_, nth) => idOfStream(nth)).join(', ')
  const changed = Object.entries(settings).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  const lines = [
    `${nodes === 1 ? '1 node' : `${nodes} nodes`}; aggregates ${aggregates}; own events ${ownEvents} in the tail`,
    `settings: ${changed.length === 0 ? 'the defaults' : changed.join(', ')}`,
  ]
  let atMs = 0
  for (const [nth, step] of steps.entries()) {
    atMs += step.afterMs
    lines.push(`${String(nth + 1).padStart(3)}. ${whenOf(step, atMs)} ${deedOf(step)}`)
  }
  if (faults.kind === 'exactly') lines.push(...faults.faults.map((fault) => `  !  ${faultOf(fault)}`))
  return lines.join('\n')
}

function whenOf({ afterMs, tasks }: Step, atMs: number): string {
  const at = `at ${atMs} ms`
  return afterMs > 0 || tasks === 0 ? `${at}:` : `${at}, ${tasks} tasks on:`
}

function deedOf(step: Step): string {
  switch (step.kind) {
    case 'ask': {
      const { expected, goneAfterMs } = step
      const waits = `waits ${step.timeoutMs} ms`
      const expects = expected === undefined ? '' : `, expects the last known revision${signed(expected)}`
      const leaves = goneAfterMs === undefined ? '' : `, goes away after ${goneAfterMs} ms`
      return `${asked('asks', step)}; ${waits}${expects}${leaves}`
    }
    case 'tell':
      return asked('tells', step)
    case 'look':
      return `somebody asks ${nodeOf(step)} for the state of ${idOfStream(step.stream)}`
    case 'past':
      return step.how === 'at'
        ? `somebody asks ${nodeOf(step)} for the state of ${idOfStream(step.stream)}, ${step.back} revisions ago`
        : `somebody asks ${nodeOf(step)} for the history of ${idOfStream(step.stream)}, from ${step.back} revisions ago`
    case 'crowd':
      return `somebody asks ${nodeOf(step)} for another aggregate`
    case 'foreign':
      return `a foreign writer stores ${step.events} events in ${idOfStream(step.stream)}`
    case 'misfit':
      return `a foreign writer stores an event that the machine does not fit in ${idOfStream(step.stream)}`
    case 'kill':
      return `${nodeOf(step)} is killed; back after ${step.backAfterMs} ms`
    case 'stop':
      return `${nodeOf(step)} stops within ${step.timeoutMs} ms; back after ${step.backAfterMs} ms`
    case 'outage':
      return `the store is down for ${step.forMs} ms; appends: ${step.appends}`
    case 'cut':
      return 'all subscriptions are cut'
    case 'clock':
      return `the clock is set by ${step.byMs} ms`
  }
}

type Asked = {
  readonly node: number
  readonly stream: number
  readonly commandId: string
  readonly command: LedgerCommand
}

function asked(how: string, step: Asked): string {
  const { type, ...payload } = step.command
  const values = Object.values(payload).join(' ')
  const command = values === '' ? type : `${type} ${values}`
  return `a client ${how} ${nodeOf(step)}: ${command} at ${idOfStream(step.stream)}, as ${step.commandId}`
}

function nodeOf({ node }: { readonly node: number }): string {
  return `n${node + 1}`
}

function signed(value: number): string {
  if (value === 0) return ''
  return value > 0 ? ` + ${value}` : ` - ${-value}`
}

/** `append ledger-a1 n2 #3`: what a tape calls an operation. */
function faultOf({ operation, fault }: RecordedFault): string {
  const [kind, stream, node, nth] = operation.split(' ') as [string, string, string, string]
  const where = stream === '*' ? '' : ` of ${stream}`
  return `${kind} ${nth}${where} by ${node}: ${meaningOf(fault)}`
}

function meaningOf(fault: Fault): string {
  switch (fault.kind) {
    case 'conflict':
      return fault.by === 'stranger'
        ? 'another writer is first in its slot'
        : 'another process is first in its slot, with the very same command'
    case 'phantomConflict':
      return 'answered with a conflict; nothing was written, and nothing new can be read'
    case 'refused':
      return `refused (${fault.because})`
    case 'unknownBeforeWrite':
      return 'lost before the write; its sender does not know'
    case 'unknownAfterWrite':
      return 'written, and its answer lost'
    case 'lateArrival':
      return `on its way for ${fault.afterMs} ms; its sender does not know`
    case 'lateCommit':
      return `committed after ${fault.afterMs} ms, until then no read shows it; repeats get ${fault.repeats}`
    case 'vanishingTail':
      return `held uncommitted for ${fault.afterMs} ms, then lost with its leader; repeats get ${fault.repeats}`
    case 'mute':
      return `never answered; ${fault.effect === 'written' ? 'written' : 'not written'}`
    case 'lateAnswer':
      return `written, answered after ${fault.afterMs} ms`
    case 'withheldVerdict':
      return `written, its verdict alone of a batch withheld for ${fault.afterMs} ms`
    case 'sentTwice':
      return `delivered again after ${fault.afterMs} ms`
    case 'staleRead':
      return `shows the store as it was ${fault.appendsBehind} appends ago`
    case 'failedRead':
      return `fails after ${fault.afterEvents} events`
    case 'tornPages':
      return `comes in pages of ${fault.events} events`
    case 'refusedCheck':
      return 'says no though the revision is the head'
    case 'tornDelivery':
      return `stops inside a command, goes on after ${fault.afterMs} ms`
    case 'cutSubscription':
      return 'is cut'
    case 'missingSnapshot':
      return 'finds nothing'
    case 'staleSnapshot':
      return 'finds the one before the newest'
    case 'corruptSnapshot':
      return `finds a damaged one (${fault.damage})`
    case 'lostSave':
      return 'is lost'
    case 'failedCheck':
    case 'failedLoad':
    case 'failedSave':
    case 'failedOpen':
      return 'fails'
    case 'slowAppend':
    case 'slowRead':
    case 'slowCheck':
    case 'slowDelivery':
    case 'slowLoad':
    case 'slowSave':
      return `takes ${fault.afterMs} ms`
  }
}
