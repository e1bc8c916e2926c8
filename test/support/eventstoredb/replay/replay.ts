import { Client, credentials } from '@grpc/grpc-js'
import { type Runtime, systemRuntime } from '../../../../src/runtime.ts'
import { EventStoreDouble } from '../event-store-double.ts'
import { shared } from '../stubs.ts'
import { type Chance, compareCalls } from './compare.ts'
import { messageOf } from './message-of-plain.ts'
import { callsOf, type PlainMessage, type RecordedCall, type Recording } from './recording.ts'
import type { ReplayedCall } from './replayed-call.ts'
import { rpcOf } from './rpc.ts'
import { scriptOf, type TimedStep } from './script.ts'
import { withServerIds } from './server-ids.ts'
import { SkippingClock } from './skipping-clock.ts'

/** What a scenario needs that its messages do not tell. */
export interface ReplaySettings extends Chance {
  /** Milliseconds that the scenario waited before the step with this number. */
  readonly waits?: Readonly<Record<number, number>>
  /** Milliseconds until the deadline of the append with this number; the recorded ones are long past. */
  readonly deadlines?: Readonly<Record<number, number>>
  /** The server's own timeout, where the scenario waits for it: shorter than the real 2 s. */
  readonly commitTimeoutMs?: number
  /** Whether the server ran its system projections, and the scenario reads what they wrote. */
  readonly projections?: 'system'
  /** Calls that are not repeated, by their place in the recording. */
  readonly without?: readonly number[]
}

const farDeadlineMs = 3_600_000
const unavailable = 14

/** Whether the call ended because the server was gone. */
const isLost = ({ status }: RecordedCall): boolean =>
  status?.code === unavailable || status?.details.includes('RST_STREAM') === true

class Replay {
  readonly #calls: readonly RecordedCall[]
  readonly #settings: ReplaySettings
  readonly #double: EventStoreDouble
  readonly #client: Client
  readonly #clock: SkippingClock
  readonly #replayed: (ReplayedCall | undefined)[]

  constructor(
    calls: readonly RecordedCall[],
    settings: ReplaySettings,
    double: EventStoreDouble,
    clock: SkippingClock,
  ) {
    this.#calls = calls
    this.#settings = settings
    this.#double = double
    this.#clock = clock
    this.#replayed = calls.map(() => undefined)
    this.#client = new Client(`127.0.0.1:${double.port}`, credentials.createInsecure(), {
      'grpc.max_receive_message_length': -1,
      'grpc.max_send_message_length': -1,
      'grpc.initial_reconnect_backoff_ms': 10,
    })
  }

  async run(): Promise<readonly string[]> {
    const left = new Set(this.#settings.without ?? [])
    try {
      for (const step of scriptOf(this.#calls)) if (!left.has(step.call)) await this.#take(step)
      await this.#settle()
      return compareCalls(this.#calls, this.#replayed, this.#settings)
    } finally {
      for (const call of this.#replayed) call?.cancel()
      this.#client.close()
    }
  }

  async #take(step: TimedStep): Promise<void> {
    const wait = this.#settings.waits?.[step.seq]
    if (wait !== undefined) this.#clock.skip(wait)
    const recorded = this.#calls[step.call]!
    const call = this.#replayed[step.call]
    switch (step.kind) {
      case 'open':
        if (!isLost(recorded)) await this.#double.start()
        if (rpcOf(recorded.rpc).requests === 'many') this.#open(step.call, new shared.Empty())
        return
      case 'send':
        await this.#send(step.call, step.seq, step.message)
        return
      case 'halfClose':
        call?.halfClose()
        return
      case 'cancel':
        // What was sent before it must have arrived.
        await this.#roundTrip()
        call?.cancel()
        return
      case 'response':
        await call?.until(() => call.responses.length >= step.count)
        return
      case 'end':
        if (isLost(recorded)) await this.#double.stop()
        await call?.until(() => call.status !== undefined)
    }
  }

  #open(index: number, request: InstanceType<typeof shared.Empty>): void {
    const recorded = this.#calls[index]!
    const whenDown = isLost(recorded) ? 'fail' : 'wait'
    this.#replayed[index] = rpcOf(recorded.rpc).open(this.#client, request, {
      whenDown,
      headers: recorded.requestHeaders,
    })
  }

  async #send(index: number, seq: number, shown: PlainMessage): Promise<void> {
    const rpc = rpcOf(this.#calls[index]!.rpc)
    const message = messageOf(
      rpc.requestClass,
      this.#withDeadline(withServerIds(shown, this.#calls, this.#replayed), seq),
    )
    if (rpc.requests === 'many') this.#replayed[index]?.write(message)
    else {
      // A call of its own must not overtake what was sent on others before.
      await this.#roundTrip()
      this.#open(index, message)
    }
  }

  #withDeadline(shown: PlainMessage, seq: number): PlainMessage {
    const { options } = shown
    if (options === undefined || !('deadline' in options)) return shown
    const at = systemRuntime.clock.now() + (this.#settings.deadlines?.[seq] ?? farDeadlineMs)
    const deadline = { seconds: Math.floor(at / 1000), nanos: (at % 1000) * 1e6 }
    return { ...shown, options: { ...options, deadline } }
  }

  /** Lets what is still on its way arrive: an answer too many must be seen. */
  async #settle(): Promise<void> {
    for (let round = 0; round < 3; round++) await this.#roundTrip()
  }

  async #roundTrip(): Promise<void> {
    const call = rpcOf('Gossip.Read').open(this.#client, new shared.Empty(), {
      whenDown: 'fail',
      headers: {},
    })
    await call.until(() => call.status !== undefined)
  }
}

/** Repeats a recording against a fresh double. @returns what differs; nothing where the recording holds. */
export async function replay(
  recording: Recording,
  settings: ReplaySettings = {},
): Promise<readonly string[]> {
  const clock = new SkippingClock()
  const runtime: Runtime = {
    ...systemRuntime,
    clock,
  }
  await using double = await EventStoreDouble.start({
    runtime,
    ...(settings.commitTimeoutMs === undefined ? {} : { commitTimeoutMs: settings.commitTimeoutMs }),
    ...(settings.projections === undefined ? {} : { projections: settings.projections }),
  })
  return await new Replay(callsOf(recording), settings, double, clock).run()
}
