import { fingerprintOf } from '../../actors/window.ts'
import type { System } from '../../src/index.ts'
import { type SeededRandom, seededRandom } from '../../src/testing/index.ts'
import type { Ask, AskResult } from './history.ts'
import { ledger } from './ledger.ts'
import type { LedgerCommand } from './ledger-model.ts'
import type { Node } from './node.ts'
import type { Trace } from './trace.ts'

export interface ClientWorld {
  readonly nodes: readonly Node[]
  readonly now: () => number
  readonly instant: () => number
  readonly after: (delayMs: number, task: () => void) => void
  readonly isHealed: () => boolean
  readonly trace: Trace | undefined
}

export interface Wish {
  readonly node: number
  readonly id: string
  readonly command: LedgerCommand
  readonly commandId: string
  readonly timeoutMs: number
  readonly expected: number | undefined
}

/** After these errors the client knows its answer; after all others it asks again with the same command id. */
const finalErrors = new Set(['InvalidCommand', 'CommandIdReused', 'MachineFault', 'EventTooLarge'])

/** Clients that ask until they know: after each error that leaves it open they ask again, of any node. */
export class Clients {
  readonly asks: Ask[] = []
  readonly #world: ClientWorld
  readonly #seed: number
  readonly #known = new Map<string, number>()
  #waiting = 0

  constructor(world: ClientWorld, seed: number) {
    this.#world = world
    this.#seed = seed
  }

  /** Clients that do not know their answer yet. */
  get waiting(): number {
    return this.#waiting
  }

  begin(wish: Wish): void {
    this.#waiting++
    // A source of its own for each client, by its command: leaving one out changes nothing for the others.
    this.#try(wish, seededRandom(this.#seed ^ fingerprintOf(wish.commandId)), wish.node)
  }

  tell({ node, id, command, commandId }: Omit<Wish, 'timeoutMs' | 'expected'>): void {
    const at = this.#world.nodes[node]
    if (at?.system === undefined) return
    const ask = this.#record(
      at,
      at.system,
      { id, command, commandId, timeoutMs: 0, expected: undefined },
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
    at.system
      .get(ledger, id)
      .ask(command, options)
      .then(
        (outcome) => this.#answered(ask, { kind: 'outcome', outcome }),
        (error: Error) => this.#answered(ask, { kind: 'error', error }),
      )
  }

  /** Nothing is wrong any more but the stream itself, and nobody will mend that. */
  #isHopeless(result: AskResult): boolean {
    return result.kind === 'error' && result.error.tag === 'AggregateQuarantined' && this.#world.isHealed()
  }

  readonly #onResult = new Map<Ask, (result: AskResult) => void>()

  #later(wish: Wish, random: SeededRandom): void {
    const delayMs = random.pick([10, 200, 1_500])
    const node = random.below(this.#world.nodes.length)
    this.#world.after(delayMs, () => this.#try(wish, random, node))
  }

  #record(at: Node, system: System, wish: Omit<Wish, 'node'>, how: 'ask' | 'tell'): Ask {
    const { id, command, commandId, timeoutMs, expected } = wish
    const { trace, instant, now } = this.#world
    const expectedRevision =
      expected === undefined ? undefined : Math.max(-1, (this.#known.get(id) ?? -1) + expected)
    const ask: Ask = {
      nth: this.asks.length,
      system: system.id,
      node: at.name,
      stream: `ledger-${id}`,
      command,
      commandId,
      expectedRevision,
      timeoutMs,
      how,
      askedAt: instant(),
      askedAtMs: now(),
    }
    this.asks.push(ask)
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
      this.#known.set(id, Math.max(this.#known.get(id) ?? -1, result.outcome.revision))
    }
    this.#world.trace?.add(ask.node, `#${ask.nth} ${shown(result)}`)
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
