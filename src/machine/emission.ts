import type { JsonValue } from '../event/json.ts'
import { plainConstructor, youngArrayOf } from '../young.ts'
import type { Emission } from './kernel.ts'
import type { Message } from './message.ts'

/** The type of the emitted event that refuses the command: `{ type: 'reject', code, details? }`. */
const rejectType = 'reject'

export const unhandled: Emission = { status: 'unhandled' }
export const blocked: Emission = { status: 'blocked' }
export const done: Emission = { status: 'done' }

const nothing = { status: 'emitted', events: [] as readonly Message[] } as const

type Emitted = Extract<Emission, { readonly status: 'emitted' }>

const EmittedEvents = plainConstructor<Emitted, [events: readonly Message[]]>(function (events) {
  this.status = 'emitted'
  this.events = events
})

/** What a machine emitted, as the answer to a command. Any `reject` refuses the whole, the first one counts. */
export function emissionOf(emitted: readonly unknown[]): Emission {
  if (emitted.length === 0) return nothing
  let rejected: Emission | undefined
  for (const event of emitted) rejected ??= rejectionOf(event)
  return rejected ?? new EmittedEvents(emitted as readonly Message[])
}

/** The same of one event, which is what nearly all commands emit. */
export function emissionOfOne(emitted: unknown): Emission {
  return rejectionOf(emitted) ?? new EmittedEvents(youngArrayOf(emitted as Message))
}

/** The refusal that an emitted event is, if it is one. */
function rejectionOf(event: unknown): Emission | undefined {
  const type: unknown = (event as { readonly type?: unknown } | null | undefined)?.type
  if (typeof type !== 'string') {
    throw new TypeError(`An action emitted ${described(event)}: emit an object with a \`type\`.`)
  }
  if (type !== rejectType) return undefined
  const { code, details } = event as { readonly code?: unknown; readonly details?: JsonValue }
  if (typeof code !== 'string') {
    throw new TypeError(`A \`reject\` came with ${described(code)} as its \`code\`: give it a string.`)
  }
  return details === undefined ? { status: 'rejected', code } : { status: 'rejected', code, details }
}

function described(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? (JSON.stringify(value)?.slice(0, 100) ?? 'an object')
    : String(value)
}
