import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import type { Order, Report } from './double-orders.ts'
import type { DoubleOptions } from './event-store-double.ts'
import type { FaultRule, Operation } from './faults.ts'

/** The options of a double that another process can be told. */
export type ProcessOptions = Omit<DoubleOptions, 'runtime'>

/** A double in a process of its own: its work costs the process that asks it nothing, and it can be killed. */
export class DoubleProcess {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (value: unknown) => void>()
  #orders = 0
  #connectionString = ''

  private constructor(child: ChildProcess) {
    this.#child = child
    child.on('message', (report: Report) => {
      this.#waiting.get(report.number)?.(report.value)
      this.#waiting.delete(report.number)
    })
  }

  static async start(options: ProcessOptions = {}): Promise<DoubleProcess> {
    const child = fork(new URL('./double-main.ts', import.meta.url), {
      execArgv: ['--import', 'tsx', '--conditions=reenact-source'],
      serialization: 'advanced',
    })
    const double = new DoubleProcess(child)
    const ready = double.#report(0)
    child.send(options)
    double.#connectionString = String(await ready)
    return double
  }

  get connectionString(): string {
    return this.#connectionString
  }

  #report(number: number): Promise<unknown> {
    return new Promise((resolve) => void this.#waiting.set(number, resolve))
  }

  #order(order: Order): Promise<unknown> {
    const number = ++this.#orders
    const answer = this.#report(number)
    this.#child.send({ number, order })
    return answer
  }

  async addFault(rule: FaultRule): Promise<void> {
    await this.#order({ kind: 'addFault', rule })
  }

  async clearFaults(): Promise<void> {
    await this.#order({ kind: 'clearFaults' })
  }

  async holdCommits(): Promise<void> {
    await this.#order({ kind: 'holdCommits' })
  }

  async releaseCommits(): Promise<void> {
    await this.#order({ kind: 'releaseCommits' })
  }

  async loseUncommitted(): Promise<void> {
    await this.#order({ kind: 'loseUncommitted' })
  }

  async endCalls(operation: Operation, code: number): Promise<void> {
    await this.#order({ kind: 'endCalls', operation, code })
  }

  /** Cuts every connection; the data stay for the next `resume`. */
  async suspend(): Promise<void> {
    await this.#order({ kind: 'stop' })
  }

  async resume(data: 'kept' | 'lost' = 'kept'): Promise<void> {
    await this.#order({ kind: 'start', data })
  }

  async restart(data: 'kept' | 'lost' = 'kept'): Promise<void> {
    await this.suspend()
    await this.resume(data)
  }

  async count(operation: Operation): Promise<number> {
    return Number(await this.#order({ kind: 'count', operation }))
  }

  /** The ids of the committed events of a stream, in order. */
  async eventIds(stream: string): Promise<readonly string[]> {
    return (await this.#order({ kind: 'eventIds', stream })) as readonly string[]
  }

  /** Stops the process where it stands, as a machine that hangs, until `SIGCONT`; or ends it. */
  signal(signal: 'SIGSTOP' | 'SIGCONT' | 'SIGKILL'): void {
    this.#child.kill(signal)
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}
