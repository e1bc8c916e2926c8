/**
 * The event loop of Node as a simulation sees it. The functions are kept from the start, so that a test which
 * replaces the global ones does not disturb the simulation.
 */
const nodeSetImmediate = setImmediate
const nodeClearImmediate = clearImmediate

/** How tasks get their turns, one after the other, and promises in between. */
export interface Turns {
  /** Runs the task in the next turn, when all promises that can go on now have gone on. */
  next(task: () => void): void
  /** Whether others than the simulation wait for a turn of their own. */
  othersWait(): boolean
}

/** The turns of Node's own loop: everybody else's tasks and I/O run in between. */
export const loopTurns: Turns = {
  next: (task) => void nodeSetImmediate(task),
  othersWait: () => process.getActiveResourcesInfo().includes('Immediate'),
}

/**
 * Turns that leave Node's loop no time until there is nothing more to do: a third faster, for one who has captured
 * whatever else would take a turn. A tick runs when all promises have gone on, if it is asked for by one of them;
 * asked for by another tick it would run right behind that.
 */
export const tickTurns: Turns = {
  next: (task) => queueMicrotask(() => process.nextTick(task)),
  othersWait: () => false,
}

/** What `settled` needs to know of the tasks of a simulation. */
export interface TurnTaker {
  /** Tasks that wait for their turn. */
  readonly size: number
  /** Tasks that have had theirs. */
  readonly ran: number
}

/**
 * Resolves when nothing can run by itself any more: no task waits, and all that follows from those that ran has run.
 * Real timers and real I/O do not count; a simulation has none.
 * @throws Error after `limit` turns: something schedules itself again and again.
 */
export async function settled(turns: Turns, tasks: TurnTaker, limit: number): Promise<void> {
  let { ran } = tasks
  for (let turn = 0; turn < limit; turn++) {
    await turnOf(turns)
    if (tasks.size === 0 && tasks.ran === ran && !turns.othersWait()) return
    ran = tasks.ran
  }
  throw new Error(
    `The event loop did not come to rest within ${limit} turns: something schedules itself for ever with soon() or setImmediate(). Give it a timer, or raise \`turnLimit\`.`,
  )
}

/** Resolves in the next turn. */
export function turnOf(turns: Turns): Promise<void> {
  return new Promise((resolve) => turns.next(resolve))
}

/**
 * Sends the global `setImmediate` through `soon` until it is disposed: libraries that take their turns by it (nact)
 * then run in the order of a simulation.
 */
export function captureImmediates(soon: (task: () => void) => void): Disposable {
  const cancelled = new WeakSet<object>()
  const captured = (task: (...parameters: readonly unknown[]) => void, ...parameters: readonly unknown[]) => {
    const handle = {}
    soon(() => {
      if (!cancelled.has(handle)) task(...parameters)
    })
    return handle
  }
  const cleared = (handle: object | undefined): void => {
    if (handle !== undefined) cancelled.add(handle)
  }
  Object.assign(globalThis, { setImmediate: captured, clearImmediate: cleared })
  return {
    [Symbol.dispose]: () =>
      void Object.assign(globalThis, { setImmediate: nodeSetImmediate, clearImmediate: nodeClearImmediate }),
  }
}
