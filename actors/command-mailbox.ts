import type { Entry } from './entry.ts'
import { Mailbox } from './mailbox.ts'

/** Up to here a look at each entry beats an index, and an aggregate at rest keeps none. */
const scannedCommands = 8

/**
 * The mailbox of an aggregate: it finds the last command with an id, so that an ask with the same id can join it
 * (PROTOCOL rule 16). A short one is scanned. A long one gets an index when somebody looks for a command for the first
 * time, which goes when the mailbox is empty again: commands without an id of their caller's are never looked for.
 */
export class CommandMailbox extends Mailbox<Entry> {
  #index: Map<string, Entry> | undefined

  find(commandId: string): Entry | undefined {
    if (this.#index === undefined && this.size > scannedCommands) this.#build()
    if (this.#index !== undefined) return this.#index.get(commandId)
    let found: Entry | undefined
    this.forEach((entry) => {
      if (!entry.left && entry.commandId === commandId) found = entry
    })
    return found
  }

  override push(entry: Entry): void {
    super.push(entry)
    this.#index?.set(entry.commandId, entry)
  }

  /** The entry has left, though it may keep its place for a while: it is found no more. */
  leave(entry: Entry): void {
    entry.left = true
    if (this.#index === undefined) return
    if (this.#index.get(entry.commandId) === entry) this.#replace(this.#index, entry)
    if (this.size <= 1) this.#index = undefined
  }

  /** One with the same id may stand before it still, and a later ask must find that one. */
  #replace(index: Map<string, Entry>, entry: Entry): void {
    const { commandId } = entry
    index.delete(commandId)
    if (entry.earlier === undefined) return
    this.forEach((other) => {
      if (!other.left && other.commandId === commandId) index.set(commandId, other)
    })
  }

  #build(): void {
    const index = new Map<string, Entry>()
    this.forEach((entry) => {
      if (!entry.left) index.set(entry.commandId, entry)
    })
    this.#index = index
  }
}
