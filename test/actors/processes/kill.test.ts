import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { start } from '../../../src/index.ts'
import { sleep, systemRuntime } from '../../../src/runtime.ts'
import { embeddedStore } from '../../../src/store/embedded/embedded-store.ts'
import { type SeededRandom, seededRandom, silentLogger } from '../../../src/testing/index.ts'
import { bundled } from '../../support/bundle.ts'
import { note } from '../kit/note.ts'
import { Child } from './child.ts'
import { notes, outstanding } from './load-order.ts'
import { StoredCommands } from './stored-commands.ts'

// REENACT_KILLS=1000 kills more often, REENACT_SEED=7 at the instants of an earlier run.
const kills = Number(process.env['REENACT_KILLS'] ?? 100)
const seed = Number(process.env['REENACT_SEED'] ?? Date.now() % 1_000_000)

/** Two processes at a time work on the same notes. */
const lanes = 2

class Lane {
  readonly #name: string
  readonly #folder: string
  readonly #program: string
  readonly #random: SeededRandom
  readonly #stored: StoredCommands
  readonly acknowledged = new Map<string, string>()
  #next: Child | undefined
  #again: string[] = []

  constructor(name: string, folder: string, program: string, random: SeededRandom, stored: StoredCommands) {
    this.#name = name
    this.#folder = folder
    this.#program = program
    this.#random = random
    this.#stored = stored
  }

  /** One process: loaded, killed at a random instant, and all that it acknowledged is looked for. */
  async round(nth: number, isLast: boolean): Promise<void> {
    const child = this.#next ?? new Child(this.#program)
    // Starting a process takes far longer than its life under load: the next one warms up meanwhile.
    this.#next = isLast ? undefined : new Child(this.#program)
    const prefix = `${this.#name}${nth}`
    const acknowledgements = join(this.#folder, `acknowledged-${prefix}`)
    const again = this.#again
    expect(await child.line()).toBe('warm')
    child.send({ path: join(this.#folder, 'data'), acknowledgements, prefix, again })
    if (this.#random.chance(0.8)) {
      expect(await child.line()).toBe('loaded')
      await sleep(systemRuntime, this.#random.between(5, 60))
    } else {
      // Now and then already while it opens the store and recovers.
      await sleep(systemRuntime, this.#random.between(1, 300))
    }
    await child.kill()
    expect(child.errors).toBe('')
    await this.#look(acknowledgements, prefix)
  }

  async #look(acknowledgements: string, prefix: string): Promise<void> {
    const lines = (await readFile(acknowledgements, { encoding: 'utf8', flag: 'a+' }))
      .split('\n')
      .slice(0, -1)
    await this.#stored.read()
    let last = -1
    for (const line of lines) {
      const [commandId, status, revision] = line.split(' ') as [string, string, string]
      // An outcome is for ever: asked again it is the same.
      expect(this.acknowledged.get(commandId) ?? line).toBe(line)
      this.acknowledged.set(commandId, line)
      expect(status).toBe('accepted')
      expect(this.#stored.found.get(commandId)?.revision, commandId).toBe(Number(revision))
      if (commandId.startsWith(`${prefix}-`)) last = Math.max(last, Number(commandId.split('-')[1]))
    }
    // Its callers ask again: what was acknowledged, what was stored without an answer, and what never arrived.
    const first = Math.max(0, last - outstanding / 2)
    this.#again = Array.from({ length: 2 * outstanding }, (_, nth) => `${prefix}-${first + nth}`)
  }
}

it(
  `invariant 11: kill -9 at any instant loses nothing that was acknowledged, and doubles nothing (${kills} kills, seed ${seed})`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'reenact-kill-'))
    const random = seededRandom(seed)
    const program = await bundled(new URL('./loaded.ts', import.meta.url), 'loaded')
    const store = embeddedStore({ path: join(folder, 'data') })
    const context = { runtime: systemRuntime, logger: silentLogger, system: 'reader' }
    const settings = { snapshotEvery: 40 }
    const creator = await start({ aggregates: [note], store, logger: silentLogger, settings })
    await Promise.all(
      notes.map((id) => creator.get(note, id).ask({ type: 'Create', title: id }, { commandId: id })),
    )
    await creator.stop()

    const reader = await store.open(context)
    const stored = new StoredCommands(reader)
    const all = Array.from({ length: lanes }, (_, nth) => {
      return new Lane(String.fromCharCode(97 + nth), folder, program, random.fork(), stored)
    })
    const rounds = Math.ceil(kills / lanes)
    for (let round = 0; round < rounds; round++) {
      await Promise.all(all.map((lane) => lane.round(round, round === rounds - 1)))
      expect(stored.violations).toEqual([])
    }

    // A system that starts after all that finds every note as its stream says. What the last ones had committed and
    // not flushed is shown to others only now, when it is flushed by the one that starts.
    const after = await start({ aggregates: [note], store, logger: silentLogger, settings })
    await Promise.all(notes.map((id) => after.get(note, id).state()))
    await stored.read()
    expect(stored.violations).toEqual([])
    await reader.close()
    for (const id of notes) {
      const { revision, context } = await after.get(note, id).state()
      expect(revision).toBe(stored.heads.get(`note-${id}`))
      const commands = [...stored.found].filter(([, { stream }]) => stream === `note-${id}`)
      const divisions = commands.filter(([commandId]) => Number(commandId.split('-')[1]) % 3 === 0)
      expect(context.parts).toBe(1 + 3 * divisions.length)
      expect(context.changes).toBe(commands.length - divisions.length)
    }
    await after.stop()
    const acknowledged = all.reduce((sum, lane) => sum + lane.acknowledged.size, 0)
    console.log(
      `${acknowledged} commands acknowledged before ${rounds * lanes} kills, ${stored.found.size} stored; seed ${seed}`,
    )
    expect(acknowledged).toBeGreaterThan(kills)
    await rm(folder, { recursive: true })
    await rm(program)
  },
  60_000 + kills * 20_000,
)
