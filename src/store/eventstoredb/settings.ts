import type { ConnectionString } from './connection-string.ts'

/** How an `eventStoreDB` is set up. Only `connectionString` is needed; each default says why it is what it is. */
export interface EventStoreDBOptions {
  /**
   * `esdb://user:password@a:2113,b:2113,c:2113?tlsCAFile=ca.crt`; `esdb://localhost:2113?tls=false` for a server in
   * development. Several hosts: each is asked who leads. Keepalive is best left alone.
   */
  readonly connectionString: string
  /**
   * The most bytes of data in one append; more is refused before it is sent. Set it where the server's own limit
   * (MaxAppendSize) is another. Default: 1 MiB, the server's default.
   */
  readonly maxAppendBytes?: number
  /**
   * Appends on their way at once; further ones wait. Default: 4,096. The server took 20,000 well and refused most of
   * 100,000; a few thousand keep it as busy as it gets.
   */
  readonly maxAppendsInFlight?: number
  /**
   * How long one append, check or page of a read may take. What was not sent by then is refused (nothing happened),
   * what was sent is unknown. Default: 10 s: more than the server's own 2 s and an election of 1 to 6 s.
   */
  readonly callTimeoutMs?: number
  /** How long `open` waits for the first connection. Default: 20 s: two looks at every node of a cluster. */
  readonly connectTimeoutMs?: number
  /**
   * With work under way and no success for so long, client and connection are replaced. Default: 8 s. A frozen
   * server shows nothing else, and after a lost quorum the client does not recover by itself.
   */
  readonly replaceAfterMs?: number
  /**
   * How often the server is asked for a sign of life while a subscription is open: one that is cut off from the
   * others errs in silence. Default: 5 s.
   */
  readonly heartbeatMs?: number
  /** A subscription that heard nothing for so long is renewed where it stands. Default: 30 s. */
  readonly silenceMs?: number
}

export type EventStoreDBSettings = Required<Omit<EventStoreDBOptions, 'connectionString'>> & {
  readonly connection: ConnectionString
  /** The most bytes of appends on their way: memory of this process and of the server. */
  readonly maxBytesInFlight: number
  /** Events of a page of a read. */
  readonly pageEvents: number
}

/** The client's own default for a message is 3 MiB; the server takes 16 MiB in one append at most. */
const largestAppendBytes = 16 * 1024 * 1024

/** @throws RangeError where a number is none that can be meant. */
export function settingsOf(options: EventStoreDBOptions, connection: ConnectionString): EventStoreDBSettings {
  const number = (name: keyof EventStoreDBOptions, byDefault: number, most = 2 ** 31 - 1): number => {
    const value = options[name] ?? byDefault
    if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= most) return value
    throw new RangeError(
      `eventStoreDB: ${name} must be a whole number from 1 to ${most}, not ${String(value)}.`,
    )
  }
  return {
    connection,
    maxAppendBytes: number('maxAppendBytes', 1024 * 1024, largestAppendBytes),
    maxAppendsInFlight: number('maxAppendsInFlight', 4096),
    callTimeoutMs: number('callTimeoutMs', 10_000),
    connectTimeoutMs: number('connectTimeoutMs', 20_000),
    replaceAfterMs: number('replaceAfterMs', 8_000),
    heartbeatMs: number('heartbeatMs', 5_000),
    silenceMs: number('silenceMs', 30_000),
    maxBytesInFlight: 64 * 1024 * 1024,
    pageEvents: 500,
  }
}
