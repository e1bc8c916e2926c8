/** Calls that are measured once the process is warm. */
export interface Load {
  readonly outstanding: number
  /** Calls before anything is measured: V8 goes on compiling during the first half million. */
  readonly warmUp: number
  /** Of one stretch. */
  readonly commands: number
  /** So many stretches one after the other; the quickest counts. */
  readonly stretches: number
}

/** How a load went. */
export interface LoadResult {
  readonly perSecond: number
  readonly seconds: number
  /** CPU of the whole process for each call, in nanoseconds. */
  readonly cpuNanoseconds: number
}

/** Calls `call(n)` for n = 0 ... `count` - 1, keeping `outstanding` under way. */
export async function drive(
  count: number,
  outstanding: number,
  call: (nth: number) => Promise<unknown>,
): Promise<LoadResult> {
  let next = 0
  const caller = async (): Promise<void> => {
    while (next < count) await call(next++)
  }
  const cpu = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: Math.min(outstanding, count) }, caller))
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { perSecond: count / seconds, seconds, cpuNanoseconds: ((user + system) * 1000) / count }
}

/** Calls a synchronous function `count` times. */
export function repeat(count: number, call: (nth: number) => void): number {
  const startedAt = performance.now()
  for (let nth = 0; nth < count; nth++) call(nth)
  return count / ((performance.now() - startedAt) / 1000)
}

/** The highest of so many rates, measured one after the other. */
export async function quickestOf(times: number, rate: () => number | Promise<number>): Promise<number> {
  let quickest = 0
  for (let nth = 0; nth < times; nth++) quickest = Math.max(quickest, await rate())
  return quickest
}

/** Calls a second, once warm. */
export async function quickestStretch(
  { outstanding, warmUp, commands, stretches }: Load,
  call: (nth: number) => Promise<unknown>,
): Promise<number> {
  await drive(warmUp, outstanding, call)
  return quickestOf(stretches, async () => (await drive(commands, outstanding, call)).perSecond)
}

export function collectGarbage(): void {
  globalThis.gc?.()
}
