import { loopTurns, type Turns, type TurnTaker } from './event-loop.ts'

/** Picks the index of the task that runs next out of `count` that are ready. */
export type PickNext = (count: number) => number

/** Tasks that are ready to run: one for each turn, in the order that `pickNext` says. */
export class ReadyTasks implements TurnTaker {
  turns: Turns = loopTurns
  readonly #tasks: (() => void)[] = []
  readonly #pickNext: PickNext
  #turnIsComing = false
  #ran = 0

  constructor(pickNext: PickNext) {
    this.#pickNext = pickNext
  }

  get size(): number {
    return this.#tasks.length
  }

  get ran(): number {
    return this.#ran
  }

  add(task: () => void): void {
    this.#tasks.push(task)
    this.#awaitTurn()
  }

  #awaitTurn(): void {
    if (this.#turnIsComing) return
    this.#turnIsComing = true
    this.turns.next(() => {
      this.#turnIsComing = false
      this.#ran++
      const index = this.#tasks.length === 1 ? 0 : this.#pickNext(this.#tasks.length)
      const [task] = this.#tasks.splice(index, 1)
      // Before the task runs, so that one that throws does not stop the others.
      if (this.#tasks.length > 0) this.#awaitTurn()
      task?.()
    })
  }
}
