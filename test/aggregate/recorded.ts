import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import type { Aggregate } from '../../src/aggregate/index.ts'
import type { Behaviour, DecidedEvent, Decision } from '../../src/behaviour.ts'
import type { JsonObject } from '../../src/event/json.ts'
import { position } from '../../src/event/position.ts'
import type { RecordedEvent } from '../../src/event/recorded-event.ts'
import type { MachineState } from '../../src/machine/kernel.ts'

export const id = 'alice'
export const plenty = 1_000_000

/** A stored event as a store would give it back. */
export function recorded(type: string, data: JsonObject, schemaVersion = 1, revision = 0): RecordedEvent {
  const place = { stream: 'account-alice', revision, position: position(revision), index: 0, recordedAt: 0 }
  return { ...place, id: `event-${revision}`, type, data, schemaVersion }
}

export function storedForm({ type, json }: DecidedEvent, revision = 0): RecordedEvent {
  return recorded(type, JSON.parse(json) as JsonObject, 1, revision)
}

/** Commands one after the other, each accepted; the last decision. */
export function accepted(
  of: Aggregate,
  ...commands: readonly object[]
): Extract<Decision, { readonly status: 'accepted' }> {
  const runs = of[behaviour]
  let state = runs.initial(id)
  let last: Decision | undefined
  for (const command of commands) {
    last = runs.decide(id, state, runs.accept(id, command), plenty)
    if (last.status !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(last)}`)
    state = last.state
  }
  if (last?.status !== 'accepted') throw new Error('no command')
  return last
}

/** What is decided of one command at a state; by default the initial one. */
export function decided(of: Aggregate, command: object, state?: MachineState, maxBytes = plenty): Decision {
  const runs: Behaviour = of[behaviour]
  return runs.decide(id, state ?? runs.initial(id), runs.accept(id, command), maxBytes)
}
