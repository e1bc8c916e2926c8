import { readFileSync } from 'node:fs'
import { checkSource } from 'reenact/stately'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { AnyStateMachine } from 'xstate'
import { accountMachine as benchMachine } from '../../bench/account.ts'
import { accountMachine } from '../../examples/bank/account.ts'
import { seatMachine } from '../../examples/first-steps/seat.ts'
import { orderMachine } from '../docs/order.ts'
import { ticketMachine } from '../docs/ticket.ts'
import { statelyImporter } from './importer.ts'
import { lossy } from './sources/lossy.ts'
import { linesOf } from './written-lines.ts'

// `reenact check` says what Stately's importers would lose. Here their own extractor reads the same sources.

const machines: Readonly<Record<string, AnyStateMachine>> = {
  'examples/bank/account.ts': accountMachine,
  'examples/first-steps/seat.ts': seatMachine,
  'bench/account.ts': benchMachine,
  'test/docs/order.ts': orderMachine,
  'test/docs/ticket.ts': ticketMachine,
}

let imported: (file: string) => readonly string[]
beforeAll(async () => {
  const read = await statelyImporter()
  // It tells the console of each thing that it does not understand.
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  vi.spyOn(console, 'error').mockImplementation(() => undefined)
  vi.spyOn(console, 'warn').mockImplementation(() => undefined)
  imported = (file) => linesOf(read(readFileSync(file, 'utf8')) ?? {})
})

const pathOf = (line: string): string => line.split(' ')[0] ?? ''
const isAtOrBelow = (path: string, above: string): boolean =>
  path === above || path.startsWith(`${above}.`) || path.startsWith(`${above}[`)

describe("Stately's own extractor", () => {
  it.each(Object.entries(machines))(
    'imports %s whole, and the check finds nothing lost',
    async (file, machine) => {
      expect(imported(file)).toEqual(linesOf(machine.config))
      const lost = (await checkSource(file)).filter(({ severity }) => severity === 'warning')
      expect(lost).toEqual([])
    },
  )

  it('drops the computed params that the check notes, and no others', async () => {
    for (const [file] of Object.entries(machines)) {
      const dropped = imported(file).flatMap((line) => line.match(/\(computed\)/g) ?? [])
      const noted = (await checkSource(file)).filter(({ rule }) => rule === 'computed-params')
      expect(dropped, file).toHaveLength(noted.length)
    }
  })

  it('loses of a source full of losses what the check says, and nothing else', async () => {
    const file = 'test/stately/sources/lossy.ts'
    const written = linesOf(lossy.config)
    const read = imported(file)
    const differing = [
      ...written.filter((line) => !read.includes(line)),
      ...read.filter((line) => !written.includes(line)),
      ...written.filter((line) => line.includes('inline')),
    ].map((line) => `lossy.${pathOf(line)}`)
    const found = (await checkSource(file)).filter(({ severity }) => severity === 'warning')

    expect(differing.filter((path) => !found.some((loss) => isAtOrBelow(path, loss.path)))).toEqual([])
    // What is spread it may show, and loses when the editor saves.
    const alone = found.filter(
      ({ rule, path }) => rule !== 'spread' && !differing.some((each) => isAtOrBelow(each, path)),
    )
    expect(alone).toEqual([])
  })
})
