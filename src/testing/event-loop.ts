/**
 * The event loop of Node as a simulation sees it. The functions are kept from the start, so that a test which
 * replaces the global ones does not disturb the simulation.
 */
const nodeSetImmediate = setImmediate

/** Runs the task in the next turn of the loop, after all promises that can go on now have gone on. */
export function nextTurn(task: () => void): void {
  nodeSetImmediate(task)
}

/**
 * Resolves when the loop has nothing more to run by itself: no `setImmediate` is waiting, and between two of them
 * Node runs all promises that can go on. Real timers and real I/O do not count; a simulation has none.
 * @throws Error after `limit` turns: something schedules itself again and again.
 */
export async function loopDrained(limit: number): Promise<void> {
  for (let turn = 0; turn < limit; turn++) {
    await new Promise<void>((resolve) => nextTurn(resolve))
    if (!immediatesWait()) return
  }
  throw new Error(
    `The event loop did not come to rest within ${limit} turns: something schedules itself for ever with soon() or setImmediate(). Give it a timer, or raise \`turnLimit\`.`,
  )
}

function immediatesWait(): boolean {
  return process.getActiveResourcesInfo().includes('Immediate')
}
