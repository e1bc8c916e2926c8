import type { Behaviour } from '../../src/behaviour.ts'
import type { EncodedEvent } from '../../src/event/encoded-event.ts'
import type { CommandOrigin } from '../../src/event/recorded-event.ts'
import type { Append, DecidedCommand } from '../../src/store/event-store.ts'
import type { Entry } from '../entry.ts'
import type { Environment } from '../environment.ts'

/** What a new command needs to know of its aggregate. */
interface Author {
  readonly behaviour: Pick<Behaviour, 'schemaVersion'>
  readonly environment: Pick<Environment, 'system'>
}

/** What was asked. */
type Asked = Pick<Entry, 'command' | 'commandId' | 'details'>

/* Classes, although they only hold data: see `young.ts`. */

export class NewAppend implements Append {
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

/** One command of a new append. */
export class NewCommand implements DecidedCommand {
  readonly origin: CommandOrigin
  readonly schemaVersion: number
  readonly events: readonly EncodedEvent[]

  constructor(author: Author, asked: Asked, events: readonly EncodedEvent[]) {
    this.origin = originOf(author, asked, events.length)
    this.schemaVersion = author.behaviour.schemaVersion
    this.events = events
  }
}

class NewOrigin implements CommandOrigin {
  readonly commandId: string
  readonly commandType: string
  readonly count: number
  readonly system: string
  readonly correlationId: string
  readonly causationId: string

  constructor({ commandId, command, details }: Asked, count: number, system: string) {
    this.commandId = commandId
    this.commandType = command.type
    this.count = count
    this.system = system
    this.correlationId = details?.correlationId ?? commandId
    this.causationId = details?.causationId ?? commandId
  }
}

/** What all events of a decided command carry in their metadata (PROTOCOL rule 2). */
function originOf(author: Author, asked: Asked, count: number): CommandOrigin {
  const origin = new NewOrigin(asked, count, author.environment.system)
  const metadata = asked.details?.metadata
  return metadata === undefined ? origin : { ...origin, metadata }
}
