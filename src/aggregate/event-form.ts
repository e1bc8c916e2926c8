import { isDeepStrictEqual } from 'node:util'
import { DecidedEvent } from '../behaviour.ts'
import { FlatJson } from '../event/flat-json.ts'
import { isPlain, jsonFate, jsonRefusal } from '../event/json-walk.ts'
import { deepFreeze } from '../machine/deep-freeze.ts'
import type { Message } from '../machine/message.ts'
import { checkPayload } from './check-payload.ts'
import { givesFreshOutput } from './fresh-output.ts'
import { Misfit, payloadMisfit } from './misfit.ts'
import { payloadCopy } from './payload-copy.ts'
import type { Proof } from './proof.ts'
import type { PayloadSchema } from './schemas.ts'

/** The forms of one type of domain event: emitted by the machine, stored as JSON, read back. */
export class EventForm {
  readonly type: string
  readonly #schema: PayloadSchema
  readonly #proof: Proof
  readonly #isFresh: boolean
  readonly #flat = new FlatJson()

  constructor(type: string, schema: PayloadSchema, proof: Proof) {
    this.type = type
    this.#schema = schema
    this.#proof = proof
    this.#isFresh = givesFreshOutput(schema)
  }

  /**
   * Validates and encodes what the machine emitted. `message` is the decoded stored form.
   * @throws Misfit where the payload breaks its schema or JSON cannot hold it.
   */
  encode(emitted: Message): DecidedEvent {
    const { type } = this
    const given = this.#isFresh ? (emitted as object as Payload) : payloadCopy(emitted)
    const payload = this.#check(given)
    if (this.#schema === true) return new DecidedEvent(type, '{}', { type }, 2)
    const json = this.#isFresh || isPlain(payload) ? this.#flat.textOf(payload) : undefined
    if (json === undefined) return this.#encodeAny(given, payload)
    const message = this.#message(given, payload)
    if (this.#proof === 'proven') this.#prove(json, message)
    // All of it is ASCII.
    return new DecidedEvent(type, json, message, json.length)
  }

  /** The same for what is nested, needs escapes, or is changed or refused by JSON. */
  #encodeAny(given: Payload, payload: Payload): DecidedEvent {
    const { type } = this
    const fate = jsonFate(payload)
    if (fate === 'refused') throw unstorable(type, payload)
    const json = JSON.stringify(payload)
    const message = fate === 'same' ? this.#message(given, payload) : this.#typed(JSON.parse(json) as Payload)
    if (this.#proof === 'proven') this.#prove(json, message)
    return new DecidedEvent(type, json, message, Buffer.byteLength(json))
  }

  /**
   * Reads the stored payload back. The given object stays as it is.
   * @throws Misfit where it breaks the schema.
   */
  decode(data: object): Message {
    if (this.#schema === true) return { type: this.type }
    const payload = this.#check(data as Payload)
    return this.#typed(this.#isFresh ? payload : payloadCopy(payload))
  }

  #check(given: Payload): Payload {
    const checked = checkPayload(this.#schema, given)
    if (checked.issues !== undefined) throw payloadMisfit(this.type, checked.issues)
    if (!this.#isFresh && 'type' in checked.value) {
      throw new Misfit(`${this.type}.type`, `the payload of '${this.type}' holds the reserved key 'type'.`)
    }
    // A later zod might give back what it was given, with its `type`.
    return this.#isFresh && checked.value === given ? payloadCopy(given) : checked.value
  }

  /** The payload is made the message only where it is nobody else's: a schema may keep and give what it likes. */
  #message(given: Payload, payload: Payload): Message {
    const isOwn = this.#isFresh || (payload === given && Object.isExtensible(payload))
    return this.#typed(isOwn ? payload : payloadCopy(payload))
  }

  /** Puts `type` to the payload: by assignment, for spreading costs more than all the rest. */
  #typed(payload: Payload): Message {
    const message: { type?: string } = payload
    message.type = this.type
    if (this.#proof === 'proven') deepFreeze(message)
    return message as Message
  }

  /** That its schema gives its own output back unchanged: what is evolved now is what a replay will evolve. */
  #prove(json: string, message: Message): void {
    if (isDeepStrictEqual(this.decode(JSON.parse(json) as Payload), message)) return
    throw new Misfit(
      this.type,
      `the schema of '${this.type}' does not give its own output back unchanged, so a replay would see another event.`,
    )
  }
}

type Payload = Record<string, unknown>

function unstorable(type: string, payload: Payload): Misfit {
  const { path, reason } = jsonRefusal(payload)
  return new Misfit([type, ...path].join('.'), `the payload of '${type}' cannot be stored: ${reason}.`)
}
