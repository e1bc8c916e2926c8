import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import type { JsonObject } from '../../src/event/recorded-event.ts'
import { systemRuntime } from '../../src/runtime.ts'
import { embeddedStore } from '../../src/store/embedded/embedded-store.ts'
import type { Append, EventStore, StoreProvider, Verdict } from '../../src/store/event-store.ts'
import { memoryStore } from '../../src/store/memory/memory-store.ts'
import { silentLogger } from '../../src/testing/silent-logger.ts'
import { arbitraryAppend } from '../support/arbitrary-append.ts'

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})

async function embedded(): Promise<StoreProvider> {
  const path = await mkdtemp(join(tmpdir(), 'reenact-test-'))
  folders.push(path)
  return embeddedStore({ path })
}

type Fault = 'none' | 'half a character' | 'no JSON' | 'no events' | 'conflict'

function withFault(append: Append, fault: Fault): Append {
  const [command, ...others] = append.commands
  switch (fault) {
    case 'half a character':
      return {
        ...append,
        commands: [{ ...command!, events: [{ type: 'T', json: '{"a":"\ud83d"}' }] }, ...others],
      }
    case 'no JSON': {
      const metadata = { big: 1n } as unknown as JsonObject
      return { ...append, commands: [...others, { ...command!, origin: { ...command!.origin, metadata } }] }
    }
    case 'no events':
      return { ...append, commands: [] }
    case 'conflict':
      return { ...append, expectedRevision: 7 }
    case 'none':
      return append
  }
}

function send(store: EventStore, batch: readonly Append[]): Promise<readonly Verdict[]> {
  return new Promise((resolve) => {
    const verdicts: Verdict[] = []
    let left = batch.length
    if (left === 0) resolve(verdicts)
    store.append(batch, (index, verdict) => {
      verdicts[index] = verdict
      if (--left === 0) resolve(verdicts)
    })
  })
}

async function payloadsOf(store: EventStore, stream: string): Promise<readonly unknown[]> {
  const payloads: unknown[] = []
  for await (const page of store.readStream(stream)) payloads.push(...page.map(({ data }) => data))
  return payloads
}

describe.each([
  ['memory', async () => memoryStore()],
  ['embedded', embedded],
] as const)('a batch of good and bad appends: %s', (_, provider) => {
  it('is taken but for the bad ones, each told what is wrong with it', async () => {
    const store = await (await provider()).open({
      runtime: systemRuntime,
      logger: silentLogger,
      system: 'tester',
    })
    const fault = fc.constantFrom<Fault[]>('none', 'half a character', 'no JSON', 'no events', 'conflict')
    const sound = fc.array(fc.tuple(arbitraryAppend, fc.constant<Fault>('none')), { maxLength: 150 })
    const mixed = fc.array(fc.tuple(arbitraryAppend, fault), { minLength: 1, maxLength: 30 })
    let number = 0
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          mixed,
          fc.tuple(sound, mixed).map((parts) => parts.flat()),
        ),
        async (made) => {
          const faults = made.map(([, kind]) => kind)
          const batch = made.map(([append, kind]) =>
            withFault({ ...append, stream: `${append.stream}-${number++}`, expectedRevision: -1 }, kind),
          )
          const verdicts = await send(store, batch)
          expect(verdicts.map(({ status }) => status)).toEqual(
            faults.map((kind) =>
              kind === 'none' ? 'written' : kind === 'conflict' ? 'conflict' : 'refused',
            ),
          )
          for (const [index, { stream, commands }] of batch.entries()) {
            const events = faults[index] === 'none' ? commands.flatMap(({ events }) => events) : []
            expect(await payloadsOf(store, stream)).toEqual(
              events.map(({ json }) => JSON.parse(json) as unknown),
            )
          }
          expect(
            await send(
              store,
              batch.filter((_, index) => faults[index] === 'none'),
            ),
          ).toEqual(verdicts.filter(({ status }) => status === 'written'))
        },
      ),
      { numRuns: 40 },
    )
    await store.close()
  })
})
