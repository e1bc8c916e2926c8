import { describe, expect, it } from 'vitest'
import { CommandIds } from '../../actors/command-ids.ts'
import { fingerprintOf } from '../../actors/fingerprint.ts'
import { type AskOptions, checkId, entryOf } from '../../actors/request.ts'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import { InvalidCommand, InvalidId } from '../../src/errors.ts'
import { note } from './kit/note.ts'

const rename = { type: 'Rename', title: 'x' }
const uuid = '8f14e45f-ceea-467f-a0e6-123456789abc'
const request = (command: unknown, options?: unknown) =>
  entryOf(note[behaviour], 'a', command, options as AskOptions | undefined, new CommandIds(uuid))
const freshId = new CommandIds(uuid).next()

function issuesOf(command: unknown, options?: unknown): readonly string[] {
  try {
    request(command, options)
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidCommand)
    return (error as InvalidCommand).issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
  }
  throw new Error('it was not refused')
}

describe('the id of an aggregate', () => {
  it.each(['a', 'A-b-c', 'with space', 'Zoë 日本 👍', '/?#%', 'x'.repeat(512)])('may be %j', (id) => {
    expect(() => checkId('note', id)).not.toThrow()
  })

  it.each([
    [undefined, 'must be a string'],
    [7, 'must be a string'],
    ['', 'must not be empty'],
    ['x'.repeat(513), 'at most 512 characters'],
    ['a\nb', 'control characters'],
    ['a\u0000', 'control characters'],
    ['a\u007f', 'control characters'],
    ['half \ud83d', 'surrogate pair'],
  ])('may not be %j', (id, reason) => {
    expect(() => checkId('note', id)).toThrow(InvalidId)
    expect(() => checkId('note', id)).toThrow(reason)
  })
})

describe('a request', () => {
  it('gets a fresh command id, and says so', () => {
    for (const options of [undefined, {}, { commandId: undefined, expectedRevision: undefined }]) {
      const { command, commandId, naming, details, fingerprint } = request(rename, options)
      expect(command).toEqual(rename)
      expect({ commandId, naming, details }).toEqual({
        commandId: freshId,
        naming: 'bySystem',
        details: undefined,
      })
      expect(fingerprint).toBe(fingerprintOf(freshId))
    }
  })

  it('takes what the caller says', () => {
    const said = {
      correlationId: 'r',
      causationId: 'k',
      metadata: { who: 'Zoë', roles: ['a', { b: null }] },
      expectedRevision: -1,
    }
    const named = request(rename, { commandId: 'c', ...said })
    expect(named).toMatchObject({ command: rename, commandId: 'c', naming: 'byCaller', details: said })
    expect(named.fingerprint).toBe(fingerprintOf('c'))
    expect(named.expectedRevision).toBe(-1)
    expect(request(rename, said)).toMatchObject({ commandId: freshId, naming: 'bySystem', details: said })
  })

  it('has its command id for correlation and cause where only something else is said', () => {
    const details = { correlationId: 'c', causationId: 'c', expectedRevision: 3 }
    expect(request(rename, { commandId: 'c', expectedRevision: 3 })).toMatchObject({ details })
    expect(request(rename, { commandId: 'c' }).details).toBeUndefined()
  })

  it('cannot be changed by its caller afterwards', () => {
    const metadata = { who: 'me', more: { deep: 1 } }
    const command = { ...rename }
    const made = request(command, { metadata })
    metadata.who = 'somebody else'
    metadata.more.deep = 2
    command.title = 'another'
    const details = { metadata: { who: 'me', more: { deep: 1 } } }
    expect(made).toMatchObject({ details, command: rename })
  })

  it.each([[undefined], [null], [7], ['Rename'], [[]], [{}], [{ type: 7 }], [{ type: 'Unknown' }]])(
    'is refused where the command is %j',
    (command) => {
      expect(issuesOf(command)).toHaveLength(1)
      expect(issuesOf(command, {})).toHaveLength(1)
    },
  )

  it('is refused with the paths of what breaks the schema', () => {
    expect(issuesOf({ type: 'Rename', title: 7 })[0]).toMatch(/^title: /)
  })

  it.each(['commandId', 'correlationId', 'causationId'])('is refused where the %s is no id', (name) => {
    for (const value of ['', 7, null, 'x'.repeat(257), 'half \ud83d', {}]) {
      expect(issuesOf(rename, { [name]: value })).toEqual([
        `options.${name}: must be a string of 1 to 256 characters`,
      ])
    }
    expect(() => request(rename, { [name]: 'x'.repeat(256) })).not.toThrow()
  })

  it('is refused where the expected revision is none', () => {
    for (const expectedRevision of [-2, 1.5, '3', null, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(issuesOf(rename, { expectedRevision })).toEqual([
        'options.expectedRevision: must be a whole number of at least -1',
      ])
    }
  })

  it('is refused where the metadata are no JSON object, with the path of what is wrong', () => {
    for (const metadata of ['text', 7, null, ['a']]) {
      expect(issuesOf(rename, { metadata })).toEqual(['options.metadata: must be a JSON object'])
    }
    expect(issuesOf(rename, { metadata: { a: { when: new Date(0) } } })[0]).toMatch(
      /^options\.metadata\.a\.when: a Date/,
    )
    expect(issuesOf(rename, { metadata: { n: Number.NaN } })[0]).toMatch(/^options\.metadata\.n: NaN/)
    expect(issuesOf(rename, { metadata: new Map() })[0]).toMatch(/^options\.metadata: a Map/)
    const cycle = { self: {} }
    cycle.self = cycle
    expect(issuesOf(rename, { metadata: cycle })[0]).toMatch(/^options\.metadata\.self: .*cycles/)
  })

  it('is refused where the metadata are large: they are stored with every event', () => {
    expect(() => request(rename, { metadata: { text: 'x'.repeat(65_000) } })).not.toThrow()
    expect(issuesOf(rename, { metadata: { text: 'ü'.repeat(33_000) } })).toEqual([
      'options.metadata: has 66011 bytes as JSON; at most 65536 are stored',
    ])
  })

  it('is refused with all that is wrong with its options at once, and the command is named', () => {
    const options = { commandId: '', expectedRevision: -7, metadata: [] }
    expect(issuesOf(rename, options)).toHaveLength(3)
    expect(() => request(rename, options)).toThrow("The command 'Rename' for note 'a' is not valid:")
    expect(() => request(undefined, options)).toThrow("The command 'undefined'")
  })
})
