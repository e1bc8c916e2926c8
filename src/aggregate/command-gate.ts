import type { Issue } from '../errors.ts'
import { jsonCopy, jsonFate, jsonRefusal } from '../event/json-walk.ts'
import type { Message } from '../machine/message.ts'
import { checkPayload } from './check-payload.ts'
import { payloadCopy } from './payload-copy.ts'
import type { PayloadSchema, Schemas } from './schemas.ts'

/** A command as the machine gets it, or what is wrong with it. */
export type CheckedCommand =
  | { readonly message: Message; readonly issues?: undefined }
  | { readonly commandType: string; readonly issues: readonly Issue[] }

/** Lets valid commands in: a copy that the caller cannot reach any more, as the schemas give it. */
export class CommandGate {
  readonly types: ReadonlySet<string>
  readonly #aggregate: string
  readonly #schemas: ReadonlyMap<string, PayloadSchema>

  constructor(aggregate: string, schemas: Schemas) {
    this.#aggregate = aggregate
    this.#schemas = new Map(Object.entries(schemas))
    this.types = new Set(this.#schemas.keys())
  }

  /** Never throws. */
  check(command: unknown): CheckedCommand {
    if (typeof command !== 'object' || command === null || Array.isArray(command)) {
      return refused('(none)', [], 'a command is an object with a `type`')
    }
    const type: unknown = (command as { type?: unknown }).type
    if (typeof type !== 'string') return refused('(none)', ['type'], 'a command needs a `type`, a string')
    const schema = this.#schemas.get(type)
    if (schema === undefined) return refused(type, ['type'], this.#unknown(type))
    const payload = payloadCopy(command)
    const checked = checkPayload(schema, payload)
    if (checked.issues !== undefined) return { commandType: type, issues: checked.issues }
    if ('type' in checked.value)
      return refused(type, ['type'], 'this key is reserved, the schema must not give it')
    if (jsonFate(checked.value) === 'refused') {
      const { path, reason } = jsonRefusal(checked.value)
      return refused(type, path, `${reason}, and payloads are JSON`)
    }
    return { message: owned(type, checked.value) }
  }

  #unknown(type: string): string {
    return `'${type}' is no command of '${this.#aggregate}'; it has: ${[...this.types].join(', ')}`
  }
}

function refused(commandType: string, path: Issue['path'], message: string): CheckedCommand {
  return { commandType, issues: [{ path, message }] }
}

/** A schema may give back parts of what it was given, and the caller may change those while the command waits. */
function owned(type: string, payload: Record<string, unknown>): Message {
  // Not `{ type }`: V8 gives a literal just the room for its own keys, and each further one costs a second object.
  const message: Record<string, unknown> = {}
  message['type'] = type
  for (const key in payload) {
    const value = payload[key]
    message[key] = typeof value === 'object' && value !== null ? jsonCopy(value) : value
  }
  return message as unknown as Message
}
