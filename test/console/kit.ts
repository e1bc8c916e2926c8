import { memoryStore, type StoreProvider, type System, start } from 'reenact'
import { type ConsoleHandler, type ConsoleOptions, consoleHandler } from 'reenact/console'
import { type SimulatedRuntime, silentLogger, simulatedRuntime } from 'reenact/testing'
import { onTestFinished } from 'vitest'
import { account } from '../../examples/bank/account.ts'

export const origin = 'http://console.test'

/** A store that counts what reaches it. */
export interface Recorded {
  readonly provider: StoreProvider
  readonly calls: { appends: number; saves: number; reads: number; subscriptions: number }
}

export function recorded(inner: StoreProvider = memoryStore()): Recorded {
  const calls = { appends: 0, saves: 0, reads: 0, subscriptions: 0 }
  const provider: StoreProvider = {
    description: 'a recording store',
    async open(context) {
      const store = await inner.open(context)
      const { snapshots } = store
      return {
        maxAppendBytes: store.maxAppendBytes,
        append(batch, settle) {
          calls.appends += batch.length
          store.append(batch, settle)
        },
        checkHead: (stream, revision) => store.checkHead(stream, revision),
        readStream(stream, options) {
          calls.reads++
          return store.readStream(stream, options)
        },
        readAll(options) {
          calls.reads++
          return store.readAll(options)
        },
        subscribe(options) {
          calls.subscriptions++
          return store.subscribe(options)
        },
        close: () => store.close(),
        ...(snapshots === undefined
          ? {}
          : {
              snapshots: {
                load: (stream, atOrBelow) => snapshots.load(stream, atOrBelow),
                save(stream, snapshot) {
                  calls.saves++
                  return snapshots.save(stream, snapshot)
                },
              },
            }),
      }
    },
  }
  return { provider, calls }
}

/** A bank with a console, on a clock of the test's. */
export interface Bank {
  readonly runtime: SimulatedRuntime
  readonly store: Recorded
  readonly system: System
  readonly handler: ConsoleHandler
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Response>
  /** What an endpoint answers. */
  json(path: string): Promise<unknown>
}

export async function bank(options: ConsoleOptions = {}): Promise<Bank> {
  const runtime = simulatedRuntime()
  const store = recorded()
  const system = await start({
    aggregates: [account],
    store: store.provider,
    runtime,
    logger: silentLogger,
  })
  onTestFinished(async () => {
    await runtime.run(system.stop())
  })
  const handler = consoleHandler(system, options)
  const get: Bank['get'] = (path, headers = {}) => handler(new Request(`${origin}/${path}`, { headers }))
  const json = async (path: string): Promise<unknown> => (await get(`api/${path}`)).json()
  return { runtime, store, system, handler, get, json }
}

/** Alice: opened, +500, +120, -20, at revisions 0 to 3. */
export async function withAlice({ runtime, system }: Bank): Promise<void> {
  const alice = system.get(account, 'alice')
  const day = { correlationId: 'day' }
  await runtime.run(alice.ask({ type: 'Open', owner: 'Alice' }, { ...day, commandId: 'open' }))
  await runtime.run(alice.ask({ type: 'Deposit', amount: 500 }, { ...day, causationId: 'open' }))
  await runtime.run(alice.ask({ type: 'Deposit', amount: 120 }, { metadata: { teller: 3 } }))
  await runtime.run(alice.ask({ type: 'Withdraw', amount: 20 }))
}

/** Reads the messages of a live stream: from `read` on as they come, before it nothing. */
export class LiveReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>
  /** Everything that was read. */
  text = ''
  ended = false

  constructor(response: Response) {
    this.#reader = (response.body as ReadableStream<Uint8Array>).getReader()
  }

  read(): this {
    void this.#read()
    return this
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    for (
      let { done, value } = await this.#reader.read();
      !done;
      { done, value } = await this.#reader.read()
    ) {
      this.text += decoder.decode(value, { stream: true })
    }
    this.ended = true
  }

  /** The messages of this name so far. */
  messages<Message>(name: string): readonly Message[] {
    return Array.from(this.text.matchAll(/^event: (.*)\ndata: (.*)$/gm))
      .filter(([, found]) => found === name)
      .map(([, , data = '']) => JSON.parse(data) as Message)
  }

  close(): Promise<void> {
    return this.#reader.cancel()
  }
}
