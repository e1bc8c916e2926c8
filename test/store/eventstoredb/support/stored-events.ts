import { eventIdOf } from '../../../../src/event/event-id.ts'
import { metadataWriter } from '../../../../src/store/eventstoredb/event-metadata.ts'
import { addStored, type Field } from '../../../../src/store/eventstoredb/wire-event.ts'

let appends = 0

export interface AppendShape {
  readonly stream: string
  readonly first: number
  /** Positions: the first, then one more for each event. */
  readonly position: number
  /** How many events each of its commands has. */
  readonly commands: readonly number[]
}

/** The events of one append as the server stores them, each as the fields of one event of a page. */
export function storedAppend({ stream, first, position, commands }: AppendShape): Field[][] {
  const id = `00000000-0000-8000-a000-${(++appends).toString(16).padStart(8, '0')}0000`
  const size = commands.reduce((sum, count) => sum + count, 0)
  const events: Field[][] = []
  for (const [number, count] of commands.entries()) {
    const origin = {
      commandId: `command-${appends}-${number}`,
      commandType: 'Do',
      count,
      system: 'other',
      correlationId: 'correlation',
      causationId: 'causation',
    }
    const metadata = metadataWriter(origin, 1, size)
    for (let index = 0; index < count; index++) {
      const offset = events.length
      const at = position + offset
      const fields: Field[] = []
      addStored(fields, {
        stream,
        revision: first + offset,
        commit: at,
        prepare: at,
        id: eventIdOf(id, offset),
        type: 'Done',
        data: '{}',
        metadata: metadata(index),
        recordedAt: 0,
      })
      events.push(fields)
    }
  }
  return events
}

/** Single events of as many commands. */
export function storedEvents(count: number, position = 1, stream = 'a-1'): Field[][] {
  return Array.from({ length: count }, (_, index) =>
    storedAppend({ stream, first: position + index - 1, position: position + index, commands: [1] }),
  ).flat()
}
