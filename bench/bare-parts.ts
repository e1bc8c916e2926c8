import type { CommandOf } from 'reenact'
import { NewAppend, NewCommand } from '../actors/aggregate/new-append.ts'
import { CommandIds } from '../actors/command-ids.ts'
import { defaultSettings } from '../actors/settings.ts'
import { CommandWindow } from '../actors/window.ts'
import { behaviour } from '../src/aggregate/aggregate-type.ts'
import type { DecidedEvent } from '../src/behaviour.ts'
import { appendIds } from '../src/event/event-id.ts'
import { streamOf } from '../src/event/stream-name.ts'
import type { MachineState } from '../src/machine/kernel.ts'
import type { Message } from '../src/machine/message.ts'
import { systemRuntime } from '../src/runtime.ts'
import type { Append, EventStore, Verdict } from '../src/store/event-store.ts'
import { silentLogger } from '../src/testing/silent-logger.ts'
import { account } from './account.ts'
import { freshStore, type StoreName } from './accounts.ts'

const { turnCommands, windowCommands } = defaultSettings
const environment = { system: systemRuntime.uuid() }
const author = { behaviour: account[behaviour], environment }

/**
 * Deposits by the parts that the runtime is made of, and nothing that holds these together: each command is checked,
 * decided, encoded, written, remembered and answered, and that is all. No actors, mailboxes, deadlines or bounds, no
 * order of answers, nobody who sees a conflict, a failure or a slow store. What the runtime costs beyond this is its
 * own; what this costs, it cannot undercut.
 */
export class BareParts {
  readonly #store: EventStore
  readonly #accounts: readonly Account[]
  readonly #commandIds = new CommandIds(systemRuntime.uuid())
  readonly #nextAppendId = appendIds(systemRuntime.uuid())
  #waiting: Waiting[] = []

  readonly #dispose: () => Promise<void>

  private constructor(store: EventStore, accounts: readonly Account[], dispose: () => Promise<void>) {
    this.#store = store
    this.#accounts = accounts
    this.#dispose = dispose
  }

  static async open(storeName: StoreName, count: number): Promise<BareParts> {
    const { provider, dispose } = await freshStore(storeName)
    const store = await provider.open({ runtime: systemRuntime, logger: silentLogger, ...environment })
    const parts = new BareParts(
      store,
      Array.from({ length: count }, (_, nth) => new Account(`account-${nth}`)),
      dispose,
    )
    for (let nth = 0; nth < count; nth++) await parts.ask(nth, { type: 'Open', owner: 'bench' })
    return parts
  }

  async close(): Promise<void> {
    await this.#store.close()
    await this.#dispose()
  }

  /** Not twice at once for the same account. */
  ask(nth: number, command: CommandOf<typeof account>): Promise<Answer> {
    const asked = this.#accounts[nth]!
    const accepted = account[behaviour].accept(asked.id, command)
    const commandId = this.#commandIds.next()
    const { fingerprint } = this.#commandIds
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#turn())
      this.#waiting.push(new Waiting(asked, accepted, commandId, fingerprint, resolve))
    })
  }

  #turn(): void {
    const due = this.#waiting.slice(0, turnCommands)
    this.#waiting = this.#waiting.slice(turnCommands)
    if (this.#waiting.length > 0) setImmediate(() => this.#turn())
    const appends = due.map((waiting) => this.#decide(waiting))
    this.#store.append(appends, (index, verdict) => due[index]!.answer(verdict))
  }

  #decide(waiting: Waiting): Append {
    const { account: asked, command } = waiting
    const { maxAppendBytes } = this.#store
    const decision = account[behaviour].decide(asked.id, asked.state, command, maxAppendBytes)
    if (decision.status !== 'accepted') throw new Error(`The ${command.type} was ${decision.status}.`)
    const expectedRevision = asked.revision
    asked.state = decision.state
    asked.revision += decision.events.length
    waiting.events = decision.events
    const commands = [new NewCommand(author, waiting, decision.events)]
    return new NewAppend(this.#nextAppendId(), asked.stream, expectedRevision, commands)
  }
}

class Account {
  readonly id: string
  readonly stream: string
  readonly window = new CommandWindow(windowCommands)
  state: MachineState
  revision = -1

  constructor(id: string) {
    this.id = id
    this.stream = streamOf(account.name, id)
    this.state = account[behaviour].initial(id)
  }
}

class Waiting {
  readonly account: Account
  readonly command: Message
  readonly commandId: string
  readonly details = undefined
  readonly fingerprint: number
  events: readonly DecidedEvent[] = []
  readonly #resolve: (answer: Answer) => void

  constructor(
    asked: Account,
    command: Message,
    commandId: string,
    fingerprint: number,
    resolve: (answer: Answer) => void,
  ) {
    this.account = asked
    this.command = command
    this.commandId = commandId
    this.fingerprint = fingerprint
    this.#resolve = resolve
  }

  answer(verdict: Verdict): void {
    if (verdict.status !== 'written') throw new Error(`The append was not written: ${verdict.status}.`)
    this.account.window.remember(this.fingerprint, verdict.revision)
    this.#resolve(new Answer(this.commandId, verdict.revision, [this.events[0]!.message]))
  }
}

/** A class, as those of the runtime: see `src/young.ts`. */
class Answer {
  readonly status = 'accepted'
  readonly commandId: string
  readonly revision: number
  readonly events: readonly Message[]

  constructor(commandId: string, revision: number, events: readonly Message[]) {
    this.commandId = commandId
    this.revision = revision
    this.events = events
  }
}
