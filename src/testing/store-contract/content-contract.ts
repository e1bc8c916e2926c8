import assert from 'node:assert/strict'
import type { ContractSuite } from './contract-suite.ts'

/** Ids that were somebody's bug once. None of them may be mistaken for another. */
export const oddIds = [
  'a',
  'A',
  'a-b',
  'a-b-c',
  '-',
  '--',
  ' ',
  ' a',
  'a ',
  'ü',
  'u\u0308',
  'ß',
  'İ',
  '日本語',
  '😀',
  '👩‍👩‍👧',
  '\u202Eabc',
  '\uFFFD',
  '\uFFFF',
  'a/b',
  '../a',
  'a\\b',
  'a%20b',
  'a#b?c&d',
  `'a"b\`c`,
  '{"a":1}',
  '<script>',
  '$a',
  '__proto__',
  'constructor',
  'toString',
  '0',
  '00',
  '-1',
  '1e3',
  'null',
  'undefined',
  'x'.repeat(512),
  'ü'.repeat(512),
  `${'x'.repeat(511)}y`,
  '日'.repeat(512),
  `${'日'.repeat(511)}本`,
] as const

const oddPayloads = [
  '{}',
  '{"a":{"b":{"c":[[],[{}],null,true,false]}}}',
  '{"text":"\\u0000\\u001f\\"\\\\\\/\\n\\ud83d\\ude00 ü 日本 \\u2028"}',
  '{"text":"ü 日本 😀 \u2028"}',
  '{"":"empty key","key with space":1,"__proto__":{"polluted":true},"type":"not the event type"}',
  '{"numbers":[0,-0,1.5,1e21,5e-324,9007199254740993,-1.7976931348623157e308]}',
] as const

/** Whatever is stored comes back as it was. */
export function contentContract({ test }: ContractSuite): void {
  test('content: odd ids are streams of their own', async (kit) => {
    const store = await kit.open()
    const verdicts = await kit.send(
      store,
      oddIds.map((id, index) =>
        kit.appendWith(id, -1, [kit.command(1, { json: JSON.stringify({ index }) }), kit.command(1)]),
      ),
    )
    for (const [index, id] of oddIds.entries()) {
      assert.equal(verdicts[index]?.status, 'written', `'${id}'`)
      const events = await kit.readStream(store, id)
      assert.deepEqual(
        events.map(({ stream, revision }) => ({ stream, revision })),
        [0, 1].map((revision) => ({ stream: kit.stream(id), revision })),
      )
      assert.deepEqual(events[0]?.data, { index })
      assert.equal(await store.checkHead(kit.stream(id), 1), true)
    }
    const all = await kit.readAll(store)
    assert.equal(all.length, oddIds.length * 2)
    assert.equal(new Set(all.map(({ stream }) => stream)).size, oddIds.length)
  })

  test('content: payloads come back as JSON holds them', async (kit) => {
    const store = await kit.open()
    const commands = oddPayloads.map((json) => kit.command(1, { json }))
    await kit.write(store, kit.appendWith('a', -1, commands))
    const events = await kit.readStream(store, 'a')
    assert.deepEqual(
      events.map(({ data }) => JSON.stringify(data)),
      oddPayloads.map((json) => JSON.stringify(JSON.parse(json))),
    )
    assert.equal(({} as { polluted?: boolean }).polluted, undefined)
  })

  test('content: unicode in types, ids of commands, and metadata', async (kit) => {
    const store = await kit.open()
    const odd = 'ü 日本 😀 "quoted" \\ \u2028'
    const command = kit.command(1, {
      commandId: `id ${odd}`,
      commandType: `command ${odd}`,
      correlationId: `correlation ${odd}`,
      causationId: `causation ${odd}`,
      metadata: { [odd]: odd, empty: {}, nothing: null, '': '' },
    })
    const events = [{ type: `event ${odd}`, json: JSON.stringify({ odd }) }]
    await kit.write(store, kit.appendWith('a', -1, [{ ...command, events }]))
    const [event] = await kit.readStream(store, 'a')
    assert.equal(event?.type, `event ${odd}`)
    assert.deepEqual(event?.data, { odd })
    assert.deepEqual(event?.origin, command.origin)
    const filter = { eventTypes: [`event ${odd}`], correlationId: `correlation ${odd}` }
    assert.equal((await kit.readAll(store, { filter })).length, 1)
  })

  test('content: an event of 900 KB beside small ones', async (kit) => {
    const store = await kit.open()
    const json = JSON.stringify({ text: 'ü'.repeat(100_000) + 'x'.repeat(700_000) })
    assert.ok(store.maxAppendBytes >= 900_000)
    await kit.write(store, kit.appendOf('a', -1, 1))
    await kit.write(store, kit.appendWith('a', 0, [kit.command(1, { json })]))
    await kit.write(store, kit.appendOf('a', 1, 1))
    const events = await kit.readStream(store, 'a')
    assert.deepEqual(
      events.map(({ revision }) => revision),
      [0, 1, 2],
    )
    assert.equal(JSON.stringify(events[1]?.data) === json, true, 'The large payload came back whole.')
    assert.deepEqual(await kit.readAll(store), events)
  })

  test('content: one append of 5,000 events', async (kit) => {
    const store = await kit.open()
    const command = kit.command(5_000, { json: '{"n":1}' })
    const written = await kit.write(store, kit.appendWith('a', -1, [command]))
    assert.equal(written.revision, 4_999)
    await kit.write(store, kit.appendOf('a', 4_999, 1))
    const events = await kit.readStream(store, 'a')
    assert.equal(events.length, 5_001)
    assert.equal(events[4_999]?.index, 4_999)
    assert.equal(new Set(events.map(({ id }) => id)).size, 5_001)
    const [slot] = await kit.readStream(store, 'a', { from: 2_500, limit: 1 })
    assert.equal(slot?.revision, 2_500)
  })
}
