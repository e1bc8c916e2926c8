import { isDeepStrictEqual } from 'node:util'
import type { DecidedEvent } from '../behaviour.ts'
import { jsonFate, jsonRefusal } from '../event/json-walk.ts'
import { deepFreeze } from '../machine/deep-freeze.ts'
import type { Message } from '../machine/message.ts'
import { checkPayload } from './check-payload.ts'
import { Misfit, payloadMisfit } from './misfit.ts'
import { payloadCopy } from './payload-copy.ts'
import type { Proof } from './proof.ts'
import type { PayloadSchema } from './schemas.ts'

/** The forms of one type of domain event: emitted by the machine, stored as JSON, read back. */
export class EventForm {
  readonly type: string
  readonly #schema: PayloadSchema
  readonly #proof: Proof

  constructor(type: string, schema: PayloadSchema, proof: Proof) {
    this.type = type
    this.#schema = schema
    this.#proof = proof
  }

  /**
   * Validates and encodes what the machine emitted. `message` is the decoded stored form.
   * @throws Misfit where the payload breaks its schema or JSON cannot hold it.
   */
  encode(emitted: Message): DecidedEvent {
    const { type } = this
    if (this.#schema === true) {
      this.#check(payloadCopy(emitted))
      return { type, json: '{}', message: { type } }
    }
    const payload = this.#check(payloadCopy(emitted))
    const fate = jsonFate(payload)
    if (fate === 'refused') throw unstorable(type, payload)
    const json = JSON.stringify(payload)
    const message = fate === 'same' ? this.#message(payload) : this.#message(JSON.parse(json) as Payload)
    if (this.#proof === 'proven') this.#prove(json, message)
    return { type, json, message }
  }

  /**
   * Reads the stored payload back. The given object stays as it is.
   * @throws Misfit where it breaks the schema.
   */
  decode(data: object): Message {
    if (this.#schema === true) return { type: this.type }
    const given = data as Payload
    const payload = this.#check(given)
    // A schema may give back what it was given, and that belongs to the store.
    return this.#message(payload === given ? payloadCopy(given) : payload)
  }

  #check(payload: Payload): Payload {
    const checked = checkPayload(this.#schema, payload)
    if (checked.issues !== undefined) throw payloadMisfit(this.type, checked.issues)
    if ('type' in checked.value) {
      throw new Misfit(`${this.type}.type`, `the payload of '${this.type}' holds the reserved key 'type'.`)
    }
    return checked.value
  }

  /** Puts `type` to the payload: by assignment, for spreading costs more than all the rest. */
  #message(payload: Payload): Message {
    const message: { type?: string } = Object.isExtensible(payload) ? payload : payloadCopy(payload)
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
