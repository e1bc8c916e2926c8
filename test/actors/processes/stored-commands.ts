import type { Position } from '../../../src/event/position.ts'
import type { EventStore } from '../../../src/store/event-store.ts'
import { noteOf } from './load-order.ts'

export interface StoredCommand {
  readonly stream: string
  /** Of its last event. */
  readonly revision: number
}

/** Reads a store as it grows, and finds every command that it holds: whole, once, and where it belongs. */
export class StoredCommands {
  readonly found = new Map<string, StoredCommand>()
  /** What is wrong, in words; empty: nothing. */
  readonly violations: string[] = []
  readonly heads = new Map<string, number>()
  readonly #store: EventStore
  #after: Position | undefined

  constructor(store: EventStore) {
    this.#store = store
  }

  /** Reads what has come since the last time. */
  async read(): Promise<void> {
    const options = this.#after === undefined ? {} : { after: this.#after }
    for await (const page of this.#store.readAll(options)) {
      for (const { stream, revision, origin, index, position } of page) {
        this.#after = position
        this.#expect(
          revision === (this.heads.get(stream) ?? -1) + 1,
          `${stream} jumps to revision ${revision}`,
        )
        this.heads.set(stream, revision)
        const commandId = origin!.commandId
        if (!commandId.includes('-')) continue
        const { id, events } = noteOf(commandId)
        this.#expect(stream === `note-${id}`, `${commandId} stands in ${stream}`)
        this.#expect(origin!.count === events, `${commandId} has ${origin!.count} events`)
        if (index < origin!.count - 1) continue
        this.#expect(!this.found.has(commandId), `${commandId} is stored twice`)
        this.found.set(commandId, { stream, revision })
      }
    }
  }

  #expect(isTrue: boolean, otherwise: string): void {
    if (!isTrue) this.violations.push(otherwise)
  }
}
