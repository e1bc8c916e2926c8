/**
 * The event loop of Node as a simulation sees it. The functions are kept from the start, so that a test which
 * replaces the global ones does not disturb the simulation.
 */
const nodeSetImmediate = setImmediate
const nodeClearImmediate = clearImmediate

/** Runs the task in the next turn of the loop, after all promises that can go on now have gone on. */
export function nextTurn(task: () => void): void {
  nodeSetImmediate(task)
}

/** Resolves in the next turn of the loop. */
export function turnOfLoop(): Promise<void> {
  return new Promise((resolve) => nextTurn(resolve))
}

/**
 * Resolves when the loop has nothing more to run by itself: no `setImmediate` is waiting, and between two of them
 * Node runs all promises that can go on. Real timers and real I/O do not count; a simulation has none.
 * @throws Error after `limit` turns: something schedules itself again and again.
 */
export async function loopDrained(limit: number): Promise<void> {
  for (let turn = 0; turn < limit; turn++) {
    await turnOfLoop()
    if (!immediatesWait()) return
  }
  throw new Error(
    `The event loop did not come to rest within ${limit} turns: something schedules itself for ever with soon() or setImmediate(). Give it a timer, or raise \`turnLimit\`.`,
  )
}

function immediatesWait(): boolean {
  return process.getActiveResourcesInfo().includes('Immediate')
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
