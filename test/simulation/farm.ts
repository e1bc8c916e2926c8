import { type ChildProcess, fork } from 'node:child_process'
import { systemRuntime } from '../../src/runtime.ts'
import { noFigures } from './figures.ts'
import { neverEnds, type Task } from './tasks.ts'
import type { TaskResult, WorkerMessage } from './worker.ts'

/** A process that has done so many makes room for a fresh one. */
const tasksOfWorker = 500

/** A schedule takes milliseconds: after so long, on the busiest machine, it is in a loop that leaves nobody a turn. */
const mostPatienceMs = 120_000

type OnResult = (result: TaskResult) => 'go on' | 'stop' | Promise<'go on' | 'stop'>

/**
 * Runs tasks on several processes, and hands over their results in the order in which they come, until one has found
 * something.
 */
export class Farm {
  readonly #worker: string
  readonly #onResult: OnResult
  readonly #patienceMs: number
  readonly #tasks: Iterator<Task>
  readonly #children = new Set<ChildProcess>()
  #isOver = false

  /**
   * @param worker the program: see `bundledWorker`.
   * @param patienceMs how long one schedule may take.
   */
  constructor(worker: string, tasks: Iterable<Task>, onResult: OnResult, patienceMs = mostPatienceMs) {
    this.#worker = worker
    this.#onResult = onResult
    this.#patienceMs = patienceMs
    this.#tasks = tasks[Symbol.iterator]()
  }

  async run(processes: number): Promise<void> {
    await Promise.all(Array.from({ length: processes }, () => this.#runOne()))
  }

  /** One process after the other; each does a good many tasks, so that starting it costs little. */
  async #runOne(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      // As in production: what is frozen and checked twice for developers costs a fifth of all schedules. With more
      // room for young objects fewer of them are looked at twice.
      const child = fork(this.#worker, {
        execArgv: ['--max-semi-space-size=32'],
        env: { ...process.env, NODE_ENV: 'production' },
      })
      this.#children.add(child)
      try {
        for (let done = 0; next !== undefined; next = ++done < tasksOfWorker ? this.#next() : undefined) {
          const result = await this.#ask(child, next)
          if (result === undefined) return
          if ((await this.#onResult(result)) === 'stop') this.#stop()
          if (result.failure?.violations[0]?.rule === neverEnds) break
        }
      } finally {
        this.#children.delete(child)
        child.kill('SIGKILL')
      }
    }
  }

  #next(): Task | undefined {
    if (this.#isOver) return undefined
    const { done, value } = this.#tasks.next()
    return done ? undefined : value
  }

  #ask(child: ChildProcess, task: Task): Promise<TaskResult | undefined> {
    return new Promise((resolve, reject) => {
      let seed = task.from
      const giveUp = (): void => resolve(endless(task, seed, this.#patienceMs))
      let patience = systemRuntime.clock.after(this.#patienceMs, giveUp)
      child.removeAllListeners()
      child.on('message', (message: WorkerMessage) => {
        patience.cancel()
        if (message.kind === 'result') return resolve(message.result)
        seed = message.seed
        patience = systemRuntime.clock.after(this.#patienceMs, giveUp)
      })
      child.once('error', reject)
      child.once('exit', (code) => {
        patience.cancel()
        if (this.#isOver) resolve(undefined)
        else reject(new Error(`A process of the simulation ended with ${code} at the seed ${seed}.`))
      })
      child.send(task)
    })
  }

  #stop(): void {
    this.#isOver = true
    for (const child of this.#children) child.kill('SIGKILL')
  }
}

function endless({ from, to }: Task, seed: number, patienceMs: number): TaskResult {
  const what = `not over after ${patienceMs / 1000} s: something runs in a circle`
  return {
    from,
    to,
    figures: noFigures,
    coverage: { strikes: {}, pairs: {} },
    failure: { seed, violations: [{ rule: neverEnds, what }] },
  }
}
