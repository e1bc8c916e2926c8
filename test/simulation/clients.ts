import { fingerprintOf } from '../../actors/fingerprint.ts'
import type { Outcome } from '../../src/index.ts'
import { type SeededRandom, seededRandom } from '../../src/testing/index.ts'
import type { Ask, AskResult } from './history.ts'
import { ledger } from './ledger.ts'
import type { LedgerCommand } from './ledger-model.ts'
import type { Trace } from './trace.ts'

/** Whom clients ask. */
export interface AskedReference {
  ask(command: LedgerCommand, options: AskedOptions): Promise<Outcome>
  tell(command: LedgerCommand, options: { readonly commandId: string }): void
}

export interface AskedOptions {
  readonly commandId: string
  readonly timeoutMs: number
  readonly expectedRevision?: number
  readonly signal?: AbortSignal
}

/** A system, in this process or in another one. */
export interface AskedSystem {
  readonly id: string
  get(definition: typeof ledger, id: string): AskedReference
}

/** A place where systems run, one after the other. */
export interface AskedNode {
  readonly name: string
  /** `undefined` while there is none. */
  readonly system: AskedSystem | undefined
}

export interface ClientWorld {
  readonly nodes: readonly AskedNode[]
  readonly now: () => number
  readonly instant: () => number
  readonly after: (delayMs: number, task: () => void) => void
  readonly isHealed: () => boolean
  readonly onAsked: (ask: Ask, isAgain: boolean) => void
  readonly onAnswered: (ask: Ask, result: AskResult) => void
  readonly trace: Trace | undefined
}

export interface Wish {
  readonly node: number
  readonly id: string
  readonly command: LedgerCommand
  readonly commandId: string
  readonly timeoutMs: number
  readonly expected: number | undefined
  /** Its first caller goes away after so long. */
  readonly goneAfterMs: number | undefined
}

/** The reason of a caller who goes away. */
class CallerGone extends Error {
  override readonly name = 'CallerGone'
}

/** After these errors the client knows its answer; after all others it asks again with the same command id. */
const finalErrors = new Set(['InvalidCommand', 'CommandIdReused', 'MachineFault', 'EventTooLarge'])

/** Clients that ask until they know: after each error that leaves it open they ask again, of any node. */
export class Clients {
  readonly asks: Ask[] = []
  readonly #world: ClientWorld
  readonly #seed: number
  readonly #known = new Map<string, number>()
  readonly #askedIds = new Set<string>()
  readonly #references = new Map<string, AskedReference>()
  readonly #onResult = new Map<Ask, (result: AskResult) => void>()
  #wishes = 0
  #waiting = 0

  constructor(world: ClientWorld, seed: number) {
    this.#world = world
    this.#seed = seed
  }

  /** Clients that do not know their answer yet. */
  get waiting(): number {
    return this.#waiting
  }

  /** Commands that somebody wished, however often they were asked. */
  get wishes(): number {
    return this.#wishes
  }

  /** The last revision of the aggregate that anybody was told of. */
  known(id: string): number {
    return this.#known.get(id) ?? -1
  }

  begin(wish: Wish): void {
    this.#wishes++
    this.#waiting++
    // A source of its own for each client, by its command: leaving one out changes nothing for the others.
    this.#try(wish, seededRandom(this.#seed ^ fingerprintOf(wish.commandId)), wish.node)
  }

  tell({ node, id, command, commandId }: Omit<Wish, 'timeoutMs' | 'expected' | 'goneAfterMs'>): void {
    const at = this.#world.nodes[node]
    if (at?.system === undefined) return
    this.#wishes++
    const ask = this.#record(
      at,
      at.system,
      { id, command, commandId, timeoutMs: 0, expected: undefined, goneAfterMs: undefined },
      'tell',
    )
    try {
      at.system.get(ledger, id).tell(command, { commandId })
    } catch (error) {
      this.#answered(ask, { kind: 'error', error: error as Error })
    }
  }

  /** The process that these were asked of is gone. */
  lose(system: string): void {
    for (const ask of this.asks) {
      if (ask.system === system && ask.result === undefined) this.#answered(ask, { kind: 'lost' })
    }
  }

  #try(wish: Wish, random: SeededRandom, node: number): void {
    const at = this.#world.nodes[node]
    if (at?.system === undefined) {
      this.#later(wish, random)
      return
    }
    const { command, commandId, timeoutMs, id } = wish
    const ask = this.#record(at, at.system, wish, 'ask')
    this.#onResult.set(ask, (result) => {
      if (isFinal(result) || this.#isHopeless(result)) this.#waiting--
      else this.#later(wish, random)
    })
    const { expectedRevision } = ask
    const options = { commandId, timeoutMs, ...(expectedRevision === undefined ? {} : { expectedRevision }) }
    const signal = this.#signalOf(wish)
    this.#referenceTo(at.system, id, random)
      .ask(command, signal === undefined ? options : { ...options, signal })
      .then(
        (outcome) => this.#answered(ask, { kind: 'outcome', outcome }),
        (error: Error) => this.#answered(ask, { kind: 'error', error }),
      )
  }

  /** Nothing is wrong any more but the stream itself, and nobody will mend that. */
  #isHopeless(result: AskResult): boolean {
    return result.kind === 'error' && result.error.tag === 'AggregateQuarantined' && this.#world.isHealed()
  }

  /** Some keep their references, others get a new one each time. */
  #referenceTo(system: AskedSystem, id: string, random: SeededRandom): AskedReference {
    const reference = system.get(ledger, id)
    if (random.chance(0.5)) return reference
    const key = `${system.id} ${id}`
    const kept = this.#references.get(key) ?? reference
    this.#references.set(key, kept)
    return kept
  }

  #signalOf({ goneAfterMs }: Wish): AbortSignal | undefined {
    if (goneAfterMs === undefined) return undefined
    const controller = new AbortController()
    this.#world.after(goneAfterMs, () => controller.abort(new CallerGone('the caller has gone')))
    return controller.signal
  }

  #later({ goneAfterMs: _, ...patient }: Wish, random: SeededRandom): void {
    const wish = { ...patient, goneAfterMs: undefined }
    const delayMs = random.pick([10, 200, 1_500])
    const node = random.below(this.#world.nodes.length)
    this.#world.after(delayMs, () => this.#try(wish, random, node))
  }

  #record(at: AskedNode, system: AskedSystem, wish: Omit<Wish, 'node'>, how: 'ask' | 'tell'): Ask {
    const { id, command, commandId, timeoutMs, expected, goneAfterMs } = wish
    const { trace, instant, now } = this.#world
    const expectedRevision = expected === undefined ? undefined : Math.max(-1, this.known(id) + expected)
    const ask: Ask = {
      nth: this.asks.length,
      system: system.id,
      node: at.name,
      stream: `ledger-${id}`,
      command,
      commandId,
      expectedRevision,
      timeoutMs,
      goneAfterMs,
      how,
      askedAt: instant(),
      askedAtMs: now(),
    }
    this.asks.push(ask)
    const name = `${id} ${commandId}`
    this.#world.onAsked(ask, this.#askedIds.has(name))
    this.#askedIds.add(name)
    const expects = expectedRevision === undefined ? '' : ` at revision ${expectedRevision}`
    trace?.add(at.name, `#${ask.nth} ${how} ${id} ${JSON.stringify(command)} ${commandId}${expects}`)
    return ask
  }

  #answered(ask: Ask, result: AskResult): void {
    // Whoever died says nothing any more.
    if (ask.result !== undefined) return
    ask.result = result
    ask.answeredAt = this.#world.instant()
    ask.answeredAtMs = this.#world.now()
    if (result.kind === 'outcome') {
      const id = ask.stream.slice('ledger-'.length)
      this.#known.set(id, Math.max(this.known(id), result.outcome.revision))
    }
    this.#world.trace?.add(ask.node, `#${ask.nth} ${shown(result)}`)
    this.#world.onAnswered(ask, result)
    this.#onResult.get(ask)?.(result)
    this.#onResult.delete(ask)
  }
}

function isFinal(result: AskResult): boolean {
  if (result.kind !== 'error') return result.kind === 'outcome'
  return finalErrors.has(result.error.tag ?? '')
}

function shown(result: AskResult): string {
  switch (result.kind) {
    case 'outcome': {
      const { outcome } = result
      return outcome.status === 'accepted'
        ? `accepted at ${outcome.revision}${outcome.duplicate ? ' (duplicate)' : ''}: ${outcome.events.length} events`
        : `rejected at ${outcome.revision}: ${outcome.code}`
    }
    case 'error': {
      const { name, executed } = result.error
      return executed === undefined ? name : `${name} (executed: ${executed})`
    }
    case 'lost':
      return 'lost: its process died'
  }
}
