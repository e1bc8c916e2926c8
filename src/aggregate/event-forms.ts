import type { DecidedEvent } from '../behaviour.ts'
import type { RecordedEvent } from '../event/recorded-event.ts'
import type { Message } from '../machine/message.ts'
import { EventForm } from './event-form.ts'
import { Misfit } from './misfit.ts'
import type { Proof } from './proof.ts'
import type { Schemas } from './schemas.ts'
import type { Upcast, UpcastEvent } from './upcast.ts'

/** The forms of all domain events of a definition, and the way from an old stored one to today's. */
export class EventForms {
  readonly #forms: ReadonlyMap<string, EventForm>
  readonly #upcast: Upcast | undefined
  /** The one that was asked for last: often the next one, too. */
  #last: EventForm | undefined

  constructor(schemas: Schemas, upcast: Upcast | undefined, proof: Proof) {
    this.#forms = new Map(
      Object.entries(schemas).map(([type, schema]) => [type, new EventForm(type, schema, proof)]),
    )
    this.#upcast = upcast
  }

  /** @throws Misfit */
  encode(emitted: Message): DecidedEvent {
    const form = this.#formOf(emitted.type)
    if (form === undefined) {
      throw new Misfit(emitted.type, `it emitted '${emitted.type}', which has no schema in \`events\`.`)
    }
    return form.encode(emitted)
  }

  /**
   * A stored event as the machine knows it today: one message, or a list where `upcast` made none or several.
   * @throws Misfit, and whatever `upcast` throws.
   */
  read(stored: RecordedEvent): Message | readonly Message[] {
    if (this.#upcast === undefined) return this.#decode(stored)
    const upcast = this.#upcast(stored)
    if (upcast === null) return []
    return isList(upcast) ? upcast.map((event) => this.#decode(event)) : this.#decode(upcast)
  }

  #decode(event: UpcastEvent): Message {
    const form = this.#formOf(event.type)
    if (form === undefined) {
      throw new Misfit(
        event.type,
        `the definition has no domain event '${event.type}' any more: turn it into one that it has with \`upcast\`.`,
      )
    }
    return form.decode(event.data)
  }

  #formOf(type: string): EventForm | undefined {
    if (this.#last?.type === type) return this.#last
    const form = this.#forms.get(type)
    if (form !== undefined) this.#last = form
    return form
  }
}

function isList(upcast: UpcastEvent | readonly UpcastEvent[]): upcast is readonly UpcastEvent[] {
  return Array.isArray(upcast)
}
