import { readFileSync } from 'node:fs'

/**
 * CPU that the main thread has used, in microseconds. Node counts that of the whole process; the kernel knows each
 * thread. `undefined` where there is no Linux to ask.
 */
export function mainThreadCpu(): number | undefined {
  try {
    const [nanoseconds = ''] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
    return Number(nanoseconds) / 1000
  } catch {
    return undefined
  }
}
