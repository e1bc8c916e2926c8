import type { CommandOf } from 'reenact'
import { CommandIds } from '../actors/command-ids.ts'
import { CommandWindow } from '../actors/window.ts'
import { behaviour } from '../src/aggregate/aggregate-type.ts'
import type { DecidedEvent } from '../src/behaviour.ts'
import type { EncodedEvent } from '../src/event/encoded-event.ts'
import { appendIds } from '../src/event/event-id.ts'
import type { CommandOrigin } from '../src/event/recorded-event.ts'
import type { MachineState } from '../src/machine/kernel.ts'
import type { Message } from '../src/machine/message.ts'
import { systemRuntime } from '../src/runtime.ts'
import type { Append, DecidedCommand, EventStore, Verdict } from '../src/store/event-store.ts'
import { silentLogger } from '../src/testing/silent-logger.ts'
import { account } from './account.ts'
import { freshStore, type StoreName } from './accounts.ts'

const system = systemRuntime.uuid()
const windowCommands = 1_000
/** As many as the runtime works off in one turn. */
const commandsOfTurn = 128

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

  private constructor(store: EventStore, accounts: readonly Account[]) {
    this.#store = store
    this.#accounts = accounts
  }

  static async open(storeName: StoreName, count: number): Promise<BareParts> {
    const { provider } = await freshStore(storeName)
    const store = await provider.open({ runtime: systemRuntime, logger: silentLogger, system })
    const parts = new BareParts(
      store,
      Array.from({ length: count }, (_, nth) => new Account(`${nth}`)),
    )
    for (let nth = 0; nth < count; nth++) await parts.ask(nth, { type: 'Open', owner: 'bench' })
    return parts
  }

  /** Not twice at once for the same account. */
  ask(nth: number, command: CommandOf<typeof account>): Promise<Answer> {
    const asked = this.#accounts[nth]!
    const accepted = account[behaviour].accept(asked.id, command)
    const id = this.#commandIds.next()
    const { fingerprint } = this.#commandIds
    return new Promise((resolve) => {
      if (this.#waiting.length === 0) setImmediate(() => this.#turn())
      this.#waiting.push(new Waiting(asked, accepted, id, fingerprint, resolve))
    })
  }

  #turn(): void {
    const due = this.#waiting.slice(0, commandsOfTurn)
    this.#waiting = this.#waiting.slice(commandsOfTurn)
    if (this.#waiting.length > 0) setImmediate(() => this.#turn())
    const appends = due.map((waiting) => this.#decide(waiting))
    this.#store.append(appends, (index, verdict) => due[index]!.answer(verdict))
  }

  #decide(waiting: Waiting): Append {
    const { account: asked, command, id } = waiting
    const { maxAppendBytes } = this.#store
    const decision = account[behaviour].decide(asked.id, asked.state, command, maxAppendBytes)
    if (decision.status !== 'accepted') throw new Error(`The ${command.type} was ${decision.status}.`)
    const expectedRevision = asked.revision
    asked.state = decision.state
    asked.revision += decision.events.length
    waiting.events = decision.events
    const origin = new BareOrigin(id, command.type, decision.events.length)
    const commands = [new BareCommand(origin, decision.events)]
    return new BareAppend(this.#nextAppendId(), asked.stream, expectedRevision, commands)
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
    this.stream = `account-${id}`
    this.state = account[behaviour].initial(id)
  }
}

class Waiting {
  readonly account: Account
  readonly command: Message
  readonly id: string
  readonly fingerprint: number
  events: readonly DecidedEvent[] = []
  readonly #resolve: (answer: Answer) => void

  constructor(
    asked: Account,
    command: Message,
    id: string,
    fingerprint: number,
    resolve: (answer: Answer) => void,
  ) {
    this.account = asked
    this.command = command
    this.id = id
    this.fingerprint = fingerprint
    this.#resolve = resolve
  }

  answer(verdict: Verdict): void {
    if (verdict.status !== 'written') throw new Error(`The append was not written: ${verdict.status}.`)
    this.account.window.remember(this.fingerprint, verdict.revision)
    this.#resolve(new Answer(this.id, verdict.revision, [this.events[0]!.message]))
  }
}

/** Classes, as those of the runtime: see `src/young.ts`. */
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

class BareAppend implements Append {
  readonly id: string
  readonly stream: string
  readonly expectedRevision: number
  readonly commands: readonly DecidedCommand[]

  constructor(id: string, stream: string, expectedRevision: number, commands: readonly DecidedCommand[]) {
    this.id = id
    this.stream = stream
    this.expectedRevision = expectedRevision
    this.commands = commands
  }
}

class BareCommand implements DecidedCommand {
  readonly origin: CommandOrigin
  readonly schemaVersion = 1
  readonly events: readonly EncodedEvent[]

  constructor(origin: CommandOrigin, events: readonly EncodedEvent[]) {
    this.origin = origin
    this.events = events
  }
}

class BareOrigin implements CommandOrigin {
  readonly commandId: string
  readonly commandType: string
  readonly count: number
  readonly system = system
  readonly correlationId: string
  readonly causationId: string

  constructor(commandId: string, commandType: string, count: number) {
    this.commandId = commandId
    this.commandType = commandType
    this.count = count
    this.correlationId = commandId
    this.causationId = commandId
  }
}
