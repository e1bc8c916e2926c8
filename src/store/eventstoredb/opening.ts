import type { Runtime } from '../../runtime.ts'
import type { Connection, ConnectionUser } from './connection.ts'
import { errorOf, type Failure, isFinal } from './failure.ts'

/**
 * Waits for the first connection. What only an operator can mend (access, certificates) is said at once, anything
 * else may pass by itself and is said when the time is up.
 * @throws StoreUnavailable @throws AccessDenied
 */
export function untilConnected(connection: Connection, runtime: Runtime, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let last: Failure = { kind: 'mute', detail: `no connection within ${timeoutMs} ms` }
    const finish = (failure?: Failure): void => {
      timer.cancel()
      connection.removeUser(user)
      if (failure === undefined) resolve()
      else reject(errorOf(failure, connection.description))
    }
    const timer = runtime.clock.after(timeoutMs, () => finish(last))
    const user: ConnectionUser = {
      connected: () => finish(),
      disconnected(failure) {
        last = failure
        if (isFinal(failure) || failure.kind === 'untrusted') finish(failure)
      },
      progress: () => 'idle',
    }
    connection.addUser(user)
  })
}
