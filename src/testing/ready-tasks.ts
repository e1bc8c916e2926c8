import { nextTurn } from './event-loop.ts'

/** Picks the index of the task that runs next out of `count` that are ready. */
export type PickNext = (count: number) => number

/** Tasks that are ready to run: one for each turn of the event loop, in the order that `pickNext` says. */
export class ReadyTasks {
  readonly #tasks: (() => void)[] = []
  readonly #pickNext: PickNext
  #turnIsComing = false

  constructor(pickNext: PickNext) {
    this.#pickNext = pickNext
  }

  get size(): number {
    return this.#tasks.length
  }

  add(task: () => void): void {
    this.#tasks.push(task)
    this.#awaitTurn()
  }

  #awaitTurn(): void {
    if (this.#turnIsComing) return
    this.#turnIsComing = true
    nextTurn(() => {
      this.#turnIsComing = false
      const index = this.#tasks.length === 1 ? 0 : this.#pickNext(this.#tasks.length)
      const [task] = this.#tasks.splice(index, 1)
      // Before the task runs, so that one that throws does not stop the others.
      if (this.#tasks.length > 0) this.#awaitTurn()
      task?.()
    })
  }
}
