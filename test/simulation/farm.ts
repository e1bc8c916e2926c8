import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Task } from './tasks.ts'
import type { TaskResult } from './worker.ts'

const tasksOfWorker = 200

type OnResult = (result: TaskResult) => 'go on' | 'stop' | Promise<'go on' | 'stop'>

/**
 * Runs tasks on several processes, and hands over their results in the order in which they come, until one has found
 * something.
 */
export class Farm {
  readonly #worker: string
  readonly #onResult: OnResult
  readonly #tasks: Iterator<Task>
  readonly #children = new Set<ChildProcess>()
  #isOver = false

  /** @param directory where `worker.ts` is: this simulation, or a copy of it with a bug. */
  constructor(directory: string, tasks: Iterable<Task>, onResult: OnResult) {
    this.#worker = fileURLToPath(new URL('worker.ts', directory))
    this.#tasks = tasks[Symbol.iterator]()
    this.#onResult = onResult
  }

  async run(processes: number): Promise<void> {
    await Promise.all(Array.from({ length: processes }, () => this.#runOne()))
  }

  /** One process after the other; each does a good many tasks, so that starting it costs little. */
  async #runOne(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      // As in production: what is frozen and checked twice for developers costs a fifth of all schedules.
      const child = fork(this.#worker, { env: { ...process.env, NODE_ENV: 'production' } })
      this.#children.add(child)
      try {
        for (let done = 0; next !== undefined; next = ++done < tasksOfWorker ? this.#next() : undefined) {
          const result = await this.#ask(child, next)
          if (result === undefined) return
          if ((await this.#onResult(result)) === 'stop') this.#stop()
        }
      } finally {
        this.#children.delete(child)
        child.kill()
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
      child.removeAllListeners()
      child.once('message', (result) => resolve(result as TaskResult))
      child.once('error', reject)
      child.once('exit', (code) => {
        if (this.#isOver) resolve(undefined)
        else
          reject(
            new Error(
              `A process of the simulation ended with ${code} at the seeds ${task.from} to ${task.to}.`,
            ),
          )
      })
      child.send(task)
    })
  }

  #stop(): void {
    this.#isOver = true
    for (const child of this.#children) child.kill()
  }
}
