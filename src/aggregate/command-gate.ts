import type { Issue } from '../errors.ts'
import { jsonCopy, jsonFate, jsonRefusal } from '../event/json-walk.ts'
import type { Message } from '../machine/message.ts'
import { checkPayload } from './check-payload.ts'
import { givesFreshOutput } from './fresh-output.ts'
import { payloadCopy } from './payload-copy.ts'
import type { PayloadSchema, Schemas } from './schemas.ts'

/** A command as the machine gets it, or what is wrong with it. */
export type CheckedCommand =
  | { readonly message: Message; readonly issues?: undefined }
  | { readonly commandType: string; readonly issues: readonly Issue[] }

/** What commands of one type are held against. */
interface CommandForm {
  readonly type: string
  readonly schema: PayloadSchema
  readonly isFresh: boolean
}

/** Lets valid commands in: a copy that the caller cannot reach any more, as the schemas give it. */
export class CommandGate {
  readonly types: ReadonlySet<string>
  readonly #aggregate: string
  readonly #forms: ReadonlyMap<string, CommandForm>
  /** The one that was asked for last: often the next one, too. */
  #last: CommandForm | undefined

  constructor(aggregate: string, schemas: Schemas) {
    this.#aggregate = aggregate
    const formOf = ([type, schema]: [string, PayloadSchema]): [string, CommandForm] => [
      type,
      { type, schema, isFresh: givesFreshOutput(schema) },
    ]
    this.#forms = new Map(Object.entries(schemas).map(formOf))
    this.types = new Set(this.#forms.keys())
  }

  /** Never throws. */
  check(command: unknown): CheckedCommand {
    if (typeof command !== 'object' || command === null || Array.isArray(command)) {
      return refused('(none)', [], 'a command is an object with a `type`')
    }
    const type: unknown = (command as { type?: unknown }).type
    if (typeof type !== 'string') return refused('(none)', ['type'], 'a command needs a `type`, a string')
    const form = this.#formOf(type)
    if (form === undefined) return refused(type, ['type'], this.#unknown(type))
    const { schema, isFresh } = form
    const checked = checkPayload(schema, isFresh ? (command as Payload) : payloadCopy(command))
    if (checked.issues !== undefined) return { commandType: type, issues: checked.issues }
    // A later zod might give back what it was given, and that is the caller's.
    const payload = checked.value === command ? payloadCopy(command) : checked.value
    if (isFresh && isFlat(payload)) return { message: typed(type, payload) }
    if ('type' in payload) return refused(type, ['type'], 'this key is reserved, the schema must not give it')
    if (jsonFate(payload) === 'refused') {
      const { path, reason } = jsonRefusal(payload)
      return refused(type, path, `${reason}, and payloads are JSON`)
    }
    return { message: owned(type, payload) }
  }

  #formOf(type: string): CommandForm | undefined {
    if (this.#last?.type === type) return this.#last
    const form = this.#forms.get(type)
    if (form !== undefined) this.#last = form
    return form
  }

  #unknown(type: string): string {
    return `'${type}' is no command of '${this.#aggregate}'; it has: ${[...this.types].join(', ')}`
  }
}

type Payload = Record<string, unknown>

/** Whether a payload holds nothing but what JSON holds and nobody can change. */
function isFlat(payload: Payload): boolean {
  for (const key in payload) {
    const value = payload[key]
    switch (typeof value) {
      case 'string':
      case 'boolean':
      case 'undefined':
        break
      case 'number':
        if (!Number.isFinite(value)) return false
        break
      default:
        if (value !== null) return false
    }
  }
  return true
}

function typed(type: string, payload: Payload): Message {
  const message: { type?: string } = payload
  message.type = type
  return message as Message
}

function refused(commandType: string, path: Issue['path'], message: string): CheckedCommand {
  return { commandType, issues: [{ path, message }] }
}

/** A schema may give back parts of what it was given, and the caller may change those while the command waits. */
function owned(type: string, payload: Payload): Message {
  // Not `{ type }`: V8 gives a literal just the room for its own keys, and each further one costs a second object.
  const message: Payload = {}
  message['type'] = type
  for (const key in payload) {
    const value = payload[key]
    message[key] = typeof value === 'object' && value !== null ? jsonCopy(value) : value
  }
  return message as unknown as Message
}
