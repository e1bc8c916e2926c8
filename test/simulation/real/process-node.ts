import type { Outcome, UnsettledCommand } from '../../../src/index.ts'
import { Child } from '../../actors/processes/child.ts'
import type { AskedNode, AskedSystem } from '../clients.ts'
import type { NodeOrder, NodeReport, PlainError, PlainState, StartOrder } from './orders.ts'

interface Waiting {
  readonly resolve: (value: Outcome | PlainState) => void
  readonly reject: (error: Error) => void
}

/** A node whose systems run in processes of their own, one after the other, each ended by `kill -9` or a stop. */
export class ProcessNode implements AskedNode {
  readonly #nth: number
  readonly #program: string
  readonly #order: StartOrder
  #warm: Child
  #life: Life | undefined
  #incarnation = 0

  constructor(nth: number, program: string, order: StartOrder) {
    this.#nth = nth
    this.#program = program
    this.#order = order
    this.#warm = new Child(program)
  }

  get name(): string {
    return `n${this.#nth + 1}.${this.#incarnation}`
  }

  get system(): AskedSystem | undefined {
    return this.#life?.system
  }

  /** Starts a system in the process that is warm, and warms up the next one. */
  async start(): Promise<void> {
    this.#incarnation++
    const child = this.#warm
    this.#warm = new Child(this.#program)
    this.#life = await Life.begin(child, this.#order)
  }

  look(id: string): Promise<PlainState> {
    if (this.#life === undefined) throw new Error(`${this.name} does not run.`)
    return this.#life.look(id)
  }

  /** `kill -9`. @returns the id of the system that is gone, when all that it had said was heard. */
  async kill(): Promise<string> {
    const life = this.#end()
    await life.kill()
    return life.system.id
  }

  /** Stops, and waits until the process has ended by itself: nothing is left in its event loop. */
  stop(): Promise<readonly UnsettledCommand[]> {
    return this.#end().stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#warm.kill()
    await this.#life?.kill()
  }

  #end(): Life {
    const life = this.#life
    if (life === undefined) throw new Error(`${this.name} does not run.`)
    this.#life = undefined
    return life
  }
}

/** One process, from its start to its end. */
class Life {
  readonly system: AskedSystem
  readonly #child: Child
  readonly #waiting = new Map<number, Waiting>()
  readonly #heard: Promise<void>
  #orders = 0
  #onStopped: (unsettled: readonly UnsettledCommand[]) => void = () => undefined

  private constructor(child: Child, id: string) {
    this.#child = child
    this.system = { id, get: (_definition, aggregate) => this.#referenceTo(aggregate) }
    this.#heard = this.#hear()
  }

  static async begin(child: Child, order: StartOrder): Promise<Life> {
    await reportOf(child)
    child.send(order)
    const report = await reportOf(child)
    if (report.kind !== 'started')
      throw new Error(`The process says ${report.kind} when it should have started.`)
    return new Life(child, report.system)
  }

  #referenceTo(id: string): ReturnType<AskedSystem['get']> {
    return {
      ask: (command, options) =>
        this.#askFor((nth) => ({ kind: 'ask', nth, id, command, options })) as Promise<Outcome>,
      tell: (command, { commandId }) =>
        this.#child.send({ kind: 'tell', id, command, commandId } satisfies NodeOrder),
    }
  }

  look(id: string): Promise<PlainState> {
    return this.#askFor((nth) => ({ kind: 'look', nth, id })) as Promise<PlainState>
  }

  #askFor(orderOf: (nth: number) => NodeOrder): Promise<Outcome | PlainState> {
    const nth = this.#orders++
    return new Promise((resolve, reject) => {
      this.#waiting.set(nth, { resolve, reject })
      this.#child.send(orderOf(nth))
    })
  }

  /** Until it has said its last line. */
  async #hear(): Promise<void> {
    for (;;) {
      const report = await reportOf(this.#child).catch(() => undefined)
      if (report === undefined) return
      if (report.kind === 'stopped') this.#onStopped(report.unsettled)
      if (!('nth' in report)) continue
      const waiting = this.#waiting.get(report.nth)
      this.#waiting.delete(report.nth)
      if (report.kind === 'outcome') waiting?.resolve(report.outcome)
      else if (report.kind === 'state') waiting?.resolve(report.state)
      else waiting?.reject(revived(report.error))
    }
  }

  async kill(): Promise<void> {
    await this.#child.kill()
    await this.#heard
    this.#checkQuiet()
  }

  async stop(): Promise<readonly UnsettledCommand[]> {
    const stopped = new Promise<readonly UnsettledCommand[]>((resolve) => {
      this.#onStopped = resolve
    })
    this.#child.send({ kind: 'stop' } satisfies NodeOrder)
    const unsettled = await stopped
    await this.#child.end()
    await this.#heard
    this.#checkQuiet()
    return unsettled
  }

  #checkQuiet(): void {
    if (this.#child.errors !== '') throw new Error(`A process complained: ${this.#child.errors}`)
  }
}

async function reportOf(child: Child): Promise<NodeReport> {
  return JSON.parse(await child.line()) as NodeReport
}

function revived({ message, ...rest }: PlainError): Error {
  return Object.assign(new Error(message), rest)
}
