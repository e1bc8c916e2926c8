/** Seeds to run, from the first to the last. */
export interface Task {
  readonly from: number
  readonly to: number
}

/** Cuts a range of seeds into tasks. */
export function* tasksOf(first: number, last: number, seedsOfTask: number): Generator<Task, void> {
  for (let from = first; from <= last; from += seedsOfTask) {
    yield { from, to: Math.min(last, from + seedsOfTask - 1) }
  }
}

/** The rule that a schedule breaks which takes for ever. */
export const neverEnds = 'ends'
