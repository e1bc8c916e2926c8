import { closeSync, fdatasync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { open as openLmdb } from 'lmdb'
import { appendIds } from '../src/event/event-id.ts'
import { systemRuntime } from '../src/runtime.ts'
import { BlockWriter } from '../src/store/embedded/block-writer.ts'
import { embeddedStore } from '../src/store/embedded/embedded-store.ts'
import type { Append, EventStore, StoreProvider, Verdict } from '../src/store/event-store.ts'
import { memoryStore } from '../src/store/memory/memory-store.ts'
import { silentLogger } from '../src/testing/silent-logger.ts'
import { type Figure, printTable, rate } from './table.ts'

const batchSize = 1_000
/** Event writers of a system: each has a batch of its own under way. */
const writers = 2
const system = systemRuntime.uuid()
const nextAppendId = appendIds(systemRuntime.uuid())
const nextCommandId = appendIds(systemRuntime.uuid())

/** The append of one command with one event, as the runtime makes it for the bank's Deposit. */
function deposit(stream: string, expectedRevision: number): Append {
  const commandId = nextCommandId()
  return {
    id: nextAppendId(),
    stream,
    expectedRevision,
    commands: [
      {
        schemaVersion: 1,
        origin: {
          commandId,
          commandType: 'Deposit',
          count: 1,
          system,
          correlationId: commandId,
          causationId: commandId,
        },
        events: [{ type: 'Deposited', json: '{"amount":1250}' }],
      },
    ],
  }
}

/** One of those that are measured in turn, with 1,000 events under way. */
interface Contender {
  /** So many batches are under way at once, each of its part of the 1,000 events. */
  readonly lanes: number
  /** Writes one batch, durably. */
  batch(lane: number): Promise<void>
  close(): Promise<void>
}

async function openStore(provider: StoreProvider): Promise<EventStore> {
  return provider.open({ runtime: systemRuntime, logger: silentLogger, system })
}

/** Appends round and round over so many streams. */
function appending(store: EventStore, streams: number, lanes: number): Contender {
  const names = Array.from({ length: streams }, (_, index) => `account-${streams}-${index}`)
  const heads = new Int32Array(streams).fill(-1)
  const nexts = Array.from({ length: lanes }, (_, lane) => lane)
  const appends = Math.min(batchSize, streams) / lanes
  return {
    lanes,
    async batch(lane) {
      const batch: Append[] = []
      const indices: number[] = []
      let next = nexts[lane]!
      for (let count = 0; count < appends; count++, next = (next + lanes) % streams) {
        const append = deposit(names[next]!, heads[next]!)
        // A batch holds a stream once: few streams take several commands in one append.
        const more = Array.from(
          { length: batchSize / lanes / appends - 1 },
          () => deposit(names[next]!, 0).commands[0]!,
        )
        batch.push(more.length === 0 ? append : { ...append, commands: [...append.commands, ...more] })
        indices.push(next)
      }
      nexts[lane] = next
      await send(store, batch, (index, revision) => {
        heads[indices[index]!] = revision
      })
    },
    close: () => store.close(),
  }
}

function send(
  store: EventStore,
  batch: readonly Append[],
  written: (index: number, revision: number) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = batch.length
    store.append(batch, (index, verdict: Verdict) => {
      if (verdict.status !== 'written') reject(new Error(`Append ${index}: ${JSON.stringify(verdict)}`))
      else written(index, verdict.revision)
      if (--left === 0) resolve()
    })
  })
}

/** The bytes that the embedded store writes for one event of such a batch. */
export function bytesOfEvent(): number {
  const block = new BlockWriter()
  for (let index = 0; index < 64; index++) {
    block.add(deposit(`account-1000-${index}`, 5), 1, 0)
  }
  block.close()
  return Math.round(block.finish(1, new Float64Array(2 * 64)).length / 64)
}

/** The ceiling: a record for each event under a rising number, nothing else; on disk before it answers. */
function rawLog(folder: string, bytes: number): Contender {
  const table = openLmdb<Buffer, number>({ path: folder, encoding: 'binary' })
  const record = Buffer.alloc(bytes, 'x')
  let position = 0
  return {
    lanes: 1,
    async batch() {
      for (let index = 0; index < batchSize; index++) void table.put(++position, record)
      await table.flushed
    },
    close: () => table.close(),
  }
}

/** The limit of the disk: the same bytes at the end of a file. */
function rawFile(path: string, bytes: number): Contender {
  const file = openSync(path, 'w')
  const batch = Buffer.alloc(bytes * batchSize, 'x')
  return {
    lanes: 1,
    async batch() {
      writeSync(file, batch)
      await promisify(fdatasync)(file)
    },
    async close() {
      closeSync(file)
      rmSync(path)
    },
  }
}

/** Events a second of each in the quickest of short rounds, in turn: so that a busy machine does not decide. */
async function measure(
  contenders: ReadonlyMap<string, Contender>,
  rounds: number,
  roundMs: number,
): Promise<ReadonlyMap<string, number>> {
  const rates = new Map([...contenders.keys()].map((name) => [name, [] as number[]]))
  for (let round = -1; round < rounds; round++) {
    for (const [name, contender] of contenders) {
      const started = performance.now()
      let events = 0
      const lane = async (_: unknown, number: number): Promise<void> => {
        while (performance.now() - started < roundMs) {
          await contender.batch(number)
          events += batchSize / contender.lanes
        }
      }
      await Promise.all(Array.from({ length: contender.lanes }, lane))
      if (round >= 0) rates.get(name)!.push((events * 1_000) / (performance.now() - started))
    }
  }
  return new Map([...rates].map(([name, taken]) => [name, Math.max(...taken)]))
}

/** Appends to the embedded store against its ceilings, and to the memory store. */
export async function appendFigures(rounds = 15, roundMs = 120): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reenact-bench-'))
  const bytes = bytesOfEvent()
  const embedded = await openStore(embeddedStore({ path: join(folder, 'embedded') }))
  const raw = `raw lmdb log, a record for each event, ${bytes} B`
  const file = 'file append + fdatasync'
  const shapes = [1, 1_000, 100_000]
  const contenders = new Map<string, Contender>([
    [raw, rawLog(join(folder, 'raw'), bytes)],
    [file, rawFile(join(folder, 'file'), bytes)],
    ...shapes.map((streams): [string, Contender] => [
      nameOf(streams),
      appending(embedded, streams, streams === 1 ? 1 : writers),
    ]),
    ['memory', appending(await openStore(memoryStore()), 1_000, writers)],
  ])
  try {
    const rates = await measure(contenders, rounds, roundMs)
    const ceiling = rates.get(raw)!
    return [
      { what: raw, value: rate(ceiling) },
      {
        what: file,
        value: rate(rates.get(file)!),
        against: 'raw lmdb log',
        ratio: rates.get(file)! / ceiling,
      },
      ...shapes.map((streams) => ({
        what: nameOf(streams),
        value: rate(rates.get(nameOf(streams))!),
        against: 'raw lmdb log',
        ratio: rates.get(nameOf(streams))! / ceiling,
        wanted: { atLeast: 0.7 },
      })),
      { what: 'memory store, 1,000 streams', value: rate(rates.get('memory')!) },
    ]
  } finally {
    for (const contender of contenders.values()) await contender.close()
    await rm(folder, { recursive: true })
  }
}

const nameOf = (streams: number): string => `embedded, ${streams.toLocaleString('en')} streams`

/** Reading back: all, one long stream, and many short ones, against a bare scan of as many bytes. */
export async function replayFigures(events = 200_000, rounds = 5): Promise<readonly Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'reenact-bench-'))
  const store = await openStore(embeddedStore({ path: join(folder, 'embedded') }))
  const raw = openLmdb<Buffer, number>({ path: join(folder, 'raw'), encoding: 'binary' })
  try {
    const few = appending(store, 1, 1)
    const many = appending(store, 1_000, 1)
    const record = Buffer.alloc(bytesOfEvent(), 'x')
    for (let done = 0; done < events; done += batchSize) {
      await few.batch(0)
      await many.batch(0)
      for (let index = 0; index < batchSize; index++) void raw.put(done + index, record)
      await raw.flushed
    }
    const reads: Readonly<Record<string, () => Promise<number>>> = {
      'bare scan of the raw log': async () => {
        let count = 0
        for (const { value } of raw.getRange({})) if (value.length > 0) count++
        return count
      },
      'read all': () => countOf(store.readAll({ limit: events })),
      'one stream': () => countOf(store.readStream('account-1-0')),
      '1,000 streams, one after the other': async () => {
        let count = 0
        for (let index = 0; index < 1_000; index++) {
          count += await countOf(store.readStream(`account-1000-${index}`))
        }
        return count
      },
    }
    const rates = new Map(Object.keys(reads).map((name) => [name, [] as number[]]))
    for (let round = -1; round < rounds; round++) {
      for (const [name, read] of Object.entries(reads)) {
        const started = performance.now()
        const count = await read()
        if (round >= 0) rates.get(name)!.push((count * 1_000) / (performance.now() - started))
      }
    }
    const ceiling = Math.max(...rates.get('bare scan of the raw log')!)
    return [...rates].map(([name, taken]) => ({
      what: `replay: ${name}`,
      value: rate(Math.max(...taken)),
      against: 'bare scan',
      ratio: Math.max(...taken) / ceiling,
    }))
  } finally {
    await store.close()
    await raw.close()
    await rm(folder, { recursive: true })
  }
}

async function countOf(pages: AsyncIterable<readonly unknown[]>): Promise<number> {
  let count = 0
  for await (const page of pages) count += page.length
  return count
}

if (process.argv[1] === import.meta.filename) {
  printTable('Stores, appends of one event, 1,000 under way, durable', await appendFigures())
  printTable('Stores, replay', await replayFigures())
}
