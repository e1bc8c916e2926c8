import { mkdtemp, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { readOnly } from '../../src/cli/opened-store.ts'
import { systemRuntime } from '../../src/runtime.ts'
import type { Verdict } from '../../src/store/event-store.ts'
import { memoryStore } from '../../src/store/memory/memory-store.ts'
import { silentLogger } from '../../src/testing/index.ts'
import { bankFolder, bankIn, definitions, ran, removed, running } from './kit.ts'

let store: string
beforeAll(async () => {
  store = await bankFolder()
})
afterAll(() => removed(store))

const rows = (output: string): readonly (readonly string[])[] =>
  output
    .trimEnd()
    .split('\n')
    .map((row) => row.trim().split(/ {2,}/))
const values = (output: string): readonly unknown[] =>
  output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
const anyTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

describe('streams', () => {
  test('lists each with its revision and size', async () => {
    const { code, output } = await ran('streams', '--store', store)
    expect(rows(output)).toEqual([
      ['STREAM', 'REVISION', 'BYTES', 'LAST RECORDED'],
      ['account-alice', '2', '83', anyTime],
      ['account-bob', '0', '29', anyTime],
    ])
    expect(code).toBe(0)
  })

  test('as JSON, of some aggregates only', async () => {
    const { output } = await ran('streams', '--store', store, '--json', '--aggregate', 'account')
    const bob = { stream: 'account-bob', aggregate: 'account', id: 'bob' }
    expect(values(output)[1]).toEqual({ ...bob, revision: 0, bytes: 29, recordedAt: anyTime })
    const none = await ran('streams', '--store', store, '--aggregate', 'order')
    expect(none).toEqual({ code: 0, output: '', errors: 'There are no streams.\n' })
  })
})

describe('show', () => {
  test('shows the events of a stream and their commands', async () => {
    const { output } = await ran('show', 'account-alice', '--store', store)
    expect(rows(output)[1]).toEqual(['0', anyTime, 'Opened', 'Open first', '{"owner":"Alice","overdraft":0}'])
    expect(rows(output)).toHaveLength(4)
  })

  test('a part of it, backwards, as JSON', async () => {
    const line = ['show', 'account-alice', '--store', store, '--json']
    const { output } = await ran(...line, '--reverse', '--from', '1', '--limit', '1')
    expect(values(output)).toMatchObject([
      { revision: 1, type: 'Deposited', origin: { metadata: { user: 'teller 3' } }, recordedAt: anyTime },
    ])
  })

  test('cuts its lines on a terminal only', async () => {
    const { output } = await running(['show', 'account-alice', '--store', store], 40).ended
    for (const line of output.trimEnd().split('\n')) expect(line.length).toBeLessThanOrEqual(40)
    const unknown = await running(['show', 'account-alice', '--store', store], 0).ended
    expect(unknown.output).toBe((await ran('show', 'account-alice', '--store', store)).output)
  })

  test('says what is not there, with exit code 3', async () => {
    expect(await ran('show', 'account-carl', '--store', store)).toMatchObject({
      code: 3,
      output: '',
      errors: expect.stringContaining("There is no stream 'account-carl'."),
    })
    expect(await ran('show', 'account-bob', '--store', store, '--from', '7')).toMatchObject({
      code: 3,
      errors: expect.stringContaining('is at revision 0, before 7'),
    })
  })
})

describe('state', () => {
  const state = (...more: readonly string[]) =>
    ran('state', 'account', ...more, '--store', store, '--definitions', definitions)

  test('now, and as of a revision or a time', async () => {
    const now = await state('alice', '--json')
    expect(values(now.output)).toEqual([
      {
        aggregate: 'account',
        id: 'alice',
        revision: 2,
        event: 'Withdrawn',
        recordedAt: anyTime,
        value: { open: 'active' },
        status: 'active',
        tags: [],
        context: { owner: 'Alice', balance: 30, overdraft: 0 },
      },
    ])
    const then = await state('alice', '--at', '1')
    expect(then.output).toContain("account 'alice' at revision 1 (Deposited, ")
    expect(then.output).toContain('"balance": 50')
    const before = await state('alice', '--at', '-1')
    expect(before.output).toContain("account 'alice' at revision -1 (before any event)\nstate    unopened\n")
    const later = await state('alice', '--at', '2999-12-31T23:59Z', '--json')
    expect(later.output).toBe(now.output)
  })

  test.each([
    [['alice', '--at', '3'], 3, 'its last event is at revision 2'],
    [['alice', '--at', '2000-01-01'], 3, 'its first event was recorded at'],
    [['carl'], 3, "There is no account 'carl'"],
    [['alice', '--at', 'yesterday'], 2, '--at takes a revision (7) or a time'],
    [['alice', '--at', '2026-13-01'], 2, '--at takes a revision (7) or a time'],
  ])('of %j ends with %i', async (line, code, message) => {
    expect(await state(...line)).toEqual({ code, output: '', errors: expect.stringContaining(message) })
  })

  test('needs definitions, and one of that name', async () => {
    const nowhere = ['--store', store, '--definitions']
    expect(await ran('state', 'order', '1', ...nowhere, definitions)).toMatchObject({
      code: 3,
      errors: "error: No definition is named 'order'. There are: account.\n",
    })
    expect(await ran('state', 'account', '1', '--store', store)).toMatchObject({ code: 2 })
    expect(await ran('state', 'account', '1', ...nowhere, './not-there.js')).toMatchObject({
      code: 1,
      errors: expect.stringContaining("'./not-there.js' cannot be loaded"),
    })
    const kit = new URL('./kit.ts', import.meta.url).pathname
    expect(await ran('state', 'account', '1', ...nowhere, kit)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('exports no definition made by aggregate()'),
    })
  })
})

describe('console', () => {
  const console = (...more: readonly string[]) =>
    running(['console', '--store', store, '--port', '0', '--json', ...more])
  const addressIn = (text: string) => (JSON.parse(text) as { readonly url: string }).url

  test('serves the console of a store, until it is interrupted', async () => {
    const shown = console(definitions)
    const line = await shown.line()
    const url = new URL(addressIn(line))
    expect(url.href).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/aggregates$/)
    const rows = await fetch(new URL('api/aggregates?scope=stored', url)).then((answer) => answer.json())
    expect(rows).toMatchObject({ rows: [{ id: 'alice', revision: 2 }, { id: 'bob' }] })
    const step = await fetch(new URL('api/step?aggregate=account&id=alice&revision=1', url))
    expect(await step.json()).toMatchObject({ after: { context: { balance: 50 } } })
    shown.interrupt()
    expect((await shown.ended).code).toBe(130)
    await expect(fetch(url)).rejects.toThrow()
  })

  test('wants a token where others can reach it', async () => {
    const shown = console('--definitions', definitions, '--host', '0.0.0.0')
    const url = new URL(addressIn(await shown.line()))
    expect(url.searchParams.get('token')).toMatch(/^[\da-f-]{36}$/)
    const here = `http://127.0.0.1:${url.port}/`
    expect((await fetch(here)).status).toBe(401)
    expect((await fetch(here + url.search, { redirect: 'manual' })).status).toBe(303)
    shown.interrupt()
    await shown.ended
  })

  test('says what is missing, and that a port is taken', async () => {
    expect(await ran('console', '--store', store)).toMatchObject({ code: 2 })
    const first = console(definitions)
    const { port } = new URL(addressIn(await first.line()))
    expect(await ran('console', definitions, '--store', store, '--port', port)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('Choose another with --port'),
    })
  })
})

describe('follow', () => {
  test('shows what is stored while it runs, until it is interrupted', async () => {
    const path = await bankFolder()
    const following = running(['follow', '--store', path, '--after', 'start', '--json'])
    await following.shows('"stream":"account-bob"')
    await using system = await bankIn(path)
    await system.get(account, 'carl').ask({ type: 'Open', owner: 'Carl' })
    await following.shows('"stream":"account-carl"')
    following.interrupt()
    const { code, output } = await following.ended
    expect(code).toBe(130)
    expect(values(output)).toHaveLength(5)
    await system.stop()
    await removed(path)
  })

  test('ends at its limit, with what the filters let through', async () => {
    const line = ['follow', '--store', store, '--after', 'start', '--limit', '1']
    const { code, output } = await ran(...line, '--event', 'Withdrawn', 'Closed', '--aggregate', 'account')
    expect(code).toBe(0)
    expect(output).toMatch(/^\S+Z {2}account-alice 2 {2}Withdrawn {2}\{"amount":20,"rounding":0\}\n$/)
    const first = await ran(...line, '--correlation', 'first', '--json')
    const [{ position }] = values(first.output) as [{ position: number }]
    const next = await ran('follow', '--store', store, '--after', `${position}`, '--limit', '1')
    expect(next.output).toContain('account-alice 1')
  })

  test('refuses a beginning that is none', async () => {
    expect(await ran('follow', '--store', store, '--after', 'noon')).toMatchObject({ code: 2 })
    expect(await ran('follow', '--store', store, '--after', '-1')).toMatchObject({ code: 2 })
  })
})

describe('diagram', () => {
  test('draws the only definition of a module, or the named one, as Mermaid, SVG or data', async () => {
    const drawn = await ran('diagram', '--definitions', definitions)
    expect(drawn.code).toBe(0)
    expect(drawn.output).toMatch(/^stateDiagram-v2\n/)
    const named = await ran('diagram', 'account', '--definitions', definitions, '--json')
    expect(values(named.output)).toHaveLength(1)
    const line = ['diagram', '--definitions', definitions, '--format']
    expect((await ran(...line, 'svg')).output).toMatch(/^<svg[\s\S]*<\/svg>\n$/)
    expect(await ran(...line, 'png')).toMatchObject({ code: 2, errors: expect.stringContaining('mermaid') })
  })
})

describe('check', () => {
  test('finds nothing that Stately would lose of the bank, with exit code 0', async () => {
    const { code, errors } = await ran('check', definitions)
    expect(errors).toMatch(/^Stately's importers read all of it: 0 warnings, \d+ notes?\.\n$/)
    expect(code).toBe(0)
  })

  test('lists what it would lose, with exit code 1', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'check-'))
    const file = join(folder, 'machine.ts')
    await writeFile(
      file,
      'const on = {}\nexport const machine = setup({}).createMachine({\n  id: "a",\n  ...on,\n})\n',
    )
    const found = await ran('check', file, '--json')
    expect(found.code).toBe(1)
    expect(found.errors).toContain('would lose something: ')
    expect(values(found.output)[0]).toMatchObject({ severity: 'warning', file, line: 4 })
    expect((await ran('check', file)).output).toContain(`${file}:4  warning  `)
    await writeFile(file, 'const const')
    expect(await ran('check', file)).toMatchObject({
      code: 1,
      errors: expect.stringContaining('cannot be checked'),
    })
    expect(await ran('check', `${file}.not-there`)).toMatchObject({ code: 3 })
    await removed(folder)
  })
})

describe('the command line', () => {
  test('helps, with examples and exit codes', async () => {
    const help = await ran('--help')
    expect(help).toMatchObject({ code: 0, errors: '' })
    expect(help.output).toContain('Examples:\n  reenact streams --store ./data')
    expect(help.output).toContain('Exit codes:')
    for (const command of ['streams', 'show', 'state', 'follow', 'console', 'diagram', 'check']) {
      const { code, output } = await ran(command, '--help')
      expect(code).toBe(0)
      expect(output).toContain(`Usage: reenact ${command}`)
      expect(output).toContain('--json')
      const [options = '', shown = ''] = output.split('Examples:\n')
      // The options of an example are those of the command.
      const used = Array.from(shown.matchAll(/reenact (\S+)([^|>\n]*)/g))
      expect(used.length).toBeGreaterThan(1)
      for (const [, called, rest = ''] of used) {
        expect(called).toBe(command)
        for (const [option] of rest.matchAll(/--[a-z-]+/g)) expect(options).toContain(option)
      }
    }
    expect(await ran('--version')).toEqual({ code: 0, output: '1.2.3\n', errors: '' })
    expect(await ran()).toMatchObject({ code: 2, errors: expect.stringContaining('Usage: reenact') })
  })

  test.each([
    [['stream'], '(Did you mean streams?)'],
    [['streams', '--jsn'], '(Did you mean --json?)'],
    [['show'], "missing required argument 'stream'"],
    [['show', 'a', '--limit', 'many'], "--limit takes a whole number, not 'many'."],
    [['show', 'a', '--limit', '-1'], '--limit takes a whole number of at least 0'],
    [['streams', '--store', 'https://somewhere'], 'an esdb:// or esdb+discover:// string'],
  ])('does not understand %j', async (line, message) => {
    expect(await ran(...line)).toEqual({ code: 2, output: '', errors: expect.stringContaining(message) })
  })

  test('makes no store where there is none', async () => {
    const before = await readdir(store)
    expect(await ran('streams', '--store', `${store}/nowhere`)).toMatchObject({
      code: 3,
      errors: expect.stringContaining('There is no store in'),
    })
    expect(await readdir(store)).toEqual(before)
  })

  test('shows what is stored as text: no orders to the terminal', async () => {
    const path = await bankFolder()
    const system = await bankIn(path)
    const owner = 'Eve\u001b]0;owned\u0007\u009b31m\u202e\n'
    await system.get(account, 'eve \u202e\u009b').ask({ type: 'Open', owner })
    await system.stop()
    const lines = [
      ['streams'],
      ['follow', '--after', 'start', '--limit', '5'],
      ['show', 'account-eve \u202e\u009b'],
    ]
    for (const line of lines) {
      const { output } = await ran(...line, '--store', path)
      expect(output).toContain('\\u202e')
      expect(output).toMatch(/^[\x20-\x7e\n]*$/)
    }
    const shown = await ran('show', 'account-eve \u202e\u009b', '--store', path, '--json')
    expect(values(shown.output)).toMatchObject([{ data: { owner } }])
    await removed(path)
  })

  test('cannot write, whatever it does', async () => {
    const opened = await memoryStore().open({ runtime: systemRuntime, logger: silentLogger, system: 's' })
    const guarded = readOnly(opened)
    const verdict = await new Promise<Verdict>((resolve) =>
      guarded.append([{ id: 'a', stream: 's', expectedRevision: -1, commands: [] }], (_, each) =>
        resolve(each),
      ),
    )
    expect(verdict.status).toBe('refused')
    await expect(guarded.snapshots!.save('s', { revision: 0, eventId: '', body: '' })).rejects.toThrow(
      'only read',
    )
    expect(await guarded.snapshots!.load('s')).toBeUndefined()
    await guarded.close()
  })
})
