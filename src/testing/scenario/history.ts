import type { Behaviour } from '../../behaviour.ts'
import { StoredEventMisfit } from '../../errors.ts'
import type { EncodedEvent } from '../../event/encoded-event.ts'
import type { JsonObject } from '../../event/json.ts'
import { position } from '../../event/position.ts'
import type { RecordedEvent } from '../../event/recorded-event.ts'
import { streamOf } from '../../event/stream-name.ts'
import type { MachineState } from '../../machine/kernel.ts'
import type { Message } from '../../machine/message.ts'
import { ScenarioFailure } from './scenario-failure.ts'

/** An event as an older or the present version of the code stored it. */
export interface StoredForm {
  readonly type: string
  /** The payload without `type`. Default: `{}`. */
  readonly data?: JsonObject
  readonly schemaVersion: number
}

/** The stored form of an event, by way of the same JSON text as in a store. */
export function storedForm({ type, ...payload }: Message, schemaVersion: number): StoredForm {
  return { type, data: JSON.parse(JSON.stringify(payload)) as JsonObject, schemaVersion }
}

export function storedFormOf(event: EncodedEvent, schemaVersion: number): StoredForm {
  return { type: event.type, data: JSON.parse(event.json) as JsonObject, schemaVersion }
}

/**
 * The state after these events, each through upcast, schema and evolve, as a system reads them.
 * @throws ScenarioFailure where one does not fit the machine.
 */
export function replayed(
  behaviour: Behaviour,
  id: string,
  from: MachineState,
  events: readonly StoredForm[],
): MachineState {
  return events.reduce((state, event, index) => {
    try {
      return behaviour.replay(state, recorded(streamOf(behaviour.name, id), event, index))
    } catch (error) {
      if (!(error instanceof StoredEventMisfit)) throw error
      throw new ScenarioFailure(
        `The given event ${index + 1} of ${events.length} does not fit the machine of '${behaviour.name}'. ${error.message}`,
      )
    }
  }, from)
}

function recorded(
  stream: string,
  { type, data = {}, schemaVersion }: StoredForm,
  index: number,
): RecordedEvent {
  return {
    stream,
    revision: index,
    position: position(index + 1),
    id: `00000000-0000-8000-a000-00000000${index.toString(16).padStart(4, '0')}`,
    type,
    data,
    schemaVersion,
    index: 0,
    recordedAt: 0,
  }
}
