import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from 'reenact'
import { eventStoreDB } from 'reenact/eventstoredb'
import { silentLogger } from 'reenact/testing'
import { afterAll, beforeAll, describe, expect, it, test, vi } from 'vitest'
import { sleep, systemRuntime } from '../../../src/runtime.ts'
import { noteNamed } from '../../actors/kit/note.ts'
import { Child } from '../../actors/processes/child.ts'
import { type BundledFolder, bundledWithThread } from '../../support/bundle.ts'
import { namedServer } from '../../support/eventstoredb/servers.ts'
import type { LoadReport } from './processes/load-order.ts'
import { lostOf, openReader, outcomesIn, readStored } from './processes/stored.ts'

// Only who runs the servers can kill, stop, pause and cut them. REENACT_ESDB_FAULTS names a program that does it:
//   list           prints a line for each fault that it can do: its name, and for how many seconds it shall last
//   break NAME     brings it about, and ends
//   mend NAME      takes it back, where it does not pass by itself
const faults = process.env['REENACT_ESDB_FAULTS']

vi.setConfig({ testTimeout: 600_000, hookTimeout: 600_000 })

const aggregates = 200
const processes = 2
const outstanding = 50
/** Commands that are answered before a fault, and after it has passed. */
const inFullSwing = 500

interface Fault {
  readonly name: string
  readonly seconds: number
}

function faultsOf(program: string): readonly Fault[] {
  const lines = execFileSync(program, ['list'], { encoding: 'utf8' }).trim().split('\n')
  return lines.map((line) => {
    const [name = '', seconds] = line.split(/\s+/)
    return { name, seconds: Number(seconds ?? 0) }
  })
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(systemRuntime, 200)
}

/** The longest time without an outcome, and how long after the fault the last such time ended. */
function outage(
  times: readonly number[],
  faultAt: number,
): { readonly longest: number; readonly back: number } {
  const sorted = [faultAt, ...times.filter((at) => at >= faultAt)].sort((one, other) => one - other)
  let longest = 0
  let back = 0
  for (const [nth, at] of sorted.entries()) {
    const gap = at - (sorted[nth - 1] ?? at)
    if (gap <= longest) continue
    longest = gap
    back = at - faultAt
  }
  return { longest, back }
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`

if (namedServer === undefined || faults === undefined) {
  it.skip('failover of EventStoreDB [REENACT_ESDB_URL and REENACT_ESDB_FAULTS are not set]')
} else {
  describe('failover of EventStoreDB', () => {
    let folder: string
    let program: BundledFolder
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'reenact-failover-'))
      program = await bundledWithThread(new URL('./processes/loaded.ts', import.meta.url), 'loaded')
    })
    afterAll(async () => {
      await program.remove()
      await rm(folder, { recursive: true })
    })

    test.each(faultsOf(faults))('$name', async (fault) => {
      const run = randomUUID().replaceAll('-', '')
      const category = `failover${run}`
      const outcomes = join(folder, run)
      const note = noteNamed(category)
      const store = eventStoreDB({ connectionString: namedServer! })
      const creator = await start({ aggregates: [note], store, logger: silentLogger })
      const ids = Array.from({ length: aggregates }, (_, id) => `${id}`)
      await Promise.all(
        ids.map((id) => creator.get(note, id).ask({ type: 'Create', title: id }, { commandId: id })),
      )
      await creator.stop()

      const children = Array.from({ length: processes }, () => new Child(program.file))
      for (const [nth, child] of children.entries()) {
        expect(await child.line()).toBe('warm')
        child.send({
          connectionString: namedServer,
          category,
          outcomes,
          prefix: `p${nth}`,
          again: [],
          aggregates,
          commands: 'until told',
          outstanding,
          timeoutMs: 10_000,
          tail: 'followed',
        })
      }
      for (const child of children) expect(await child.line()).toBe('ready')
      for (const child of children) child.send({})
      for (const child of children) expect(await child.line()).toBe('loaded')
      await until(async () => (await outcomesIn(outcomes)).length >= inFullSwing)

      execFileSync(faults, ['break', fault.name])
      const faultAt = Date.now()
      await sleep(systemRuntime, fault.seconds * 1000)
      execFileSync(faults, ['mend', fault.name])
      const mendedAt = Date.now()
      const since = async () => (await outcomesIn(outcomes)).filter(({ at }) => at >= mendedAt + 1_000)
      await until(async () => (await since()).length >= inFullSwing)

      for (const child of children) child.send({})
      const reports = await Promise.all(
        children.map(async (child) => JSON.parse(await child.line()) as LoadReport),
      )
      await Promise.all(children.map((child) => child.end()))
      const noted = await outcomesIn(outcomes)
      const reader = await openReader(namedServer!)
      const stored = await readStored(reader, category, aggregates)
      await reader.close()

      const times = noted.map(({ at }) => at)
      const { longest, back } = outage(times, faultAt)
      const firstAfterMend = Math.min(...times.filter((at) => at >= mendedAt)) - mendedAt
      console.log(
        `${fault.name}: ${noted.length} outcomes, longest silence ${seconds(longest)}, over ${seconds(back)} after ` +
          `the fault and ${seconds(Math.max(0, back - (mendedAt - faultAt)))} after its end (first outcome ` +
          `${seconds(firstAfterMend)} after it); asked again ${JSON.stringify(reports.map(({ again }) => again))}, ` +
          `${reports.reduce((sum, { conflicts }) => sum + conflicts, 0)} conflicts, ${stored.events} events stored`,
      )
      expect(stored.violations).toEqual([])
      expect(lostOf(noted, stored)).toEqual([])
      expect(stored.commands.size).toBe(new Set(noted.map(({ commandId }) => commandId)).size)
      for (const child of children) expect(child.errors).toBe('')
    })
  })
}
