import { readdirSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { loadRecording } from '../../support/eventstoredb/replay/recording.ts'
import { type ReplaySettings, replay } from '../../support/eventstoredb/replay/replay.ts'

/**
 * The double is right where it answers as a real EventStoreDB 23.10.6 did. Each recording is repeated against it,
 * message by message, and compared.
 */
const names = readdirSync(new URL('../../support/eventstoredb/recordings', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort()

const settings: Readonly<Record<string, ReplaySettings>> = {
  '05-idempotency': { commitTimeoutMs: 150 },
  '08-pipeline-conflict': { order: 'any' },
  '09-interleaved': { order: 'any' },
  '13-append-chunks': { commitTimeoutMs: 150 },
  '17-name-kills-server': { commitTimeoutMs: 300 },
  '21-read-long': { cancelled: [3] },
  '25-links': { projections: 'system' },
  // The scenario waits here until $maxAge has hidden the events.
  '27-metadata-more': { waits: { 10: 2100 } },
  // The scenario waits until both events have gone unanswered for their 500 ms, twice.
  '41-ps-ack-nack': { waits: { 73: 600, 75: 600 } },
  // How many checkpoints the group had written by the time of the second look is chance.
  '42-ps-resume': { without: [7] },
  // The last two calls were given a deadline of 1 ms and never reached the server.
  '50-deadline': { deadlines: { 1: 0, 8: -10_000, 10: 0, 18: -5, 20: -5 }, without: [6, 7] },
}

/** Recordings that messages alone cannot repeat, and where they are tested instead; and what the double cannot do. */
const notRepeated: Readonly<Record<string, string>> = {
  '35-subscribe-slow':
    'how slowly the reader read is not in the messages: see test/support/eventstoredb/double.test.ts',
  '43-ps-strategies':
    'which consumer gets an event is chance, and the rest follows from it: see test/support/eventstoredb/double.test.ts',
  '44-ps-pinned': 'most of its appends are left out of the recording',
  '45-ps-all':
    'the real server keeps its groups in a stream of its own, which $all shows; the double does not',
  '51-server-stopped':
    'most of its appends are left out of the recording: see test/support/eventstoredb/double.test.ts',
  '52-server-killed':
    'most of its appends are left out of the recording: see test/support/eventstoredb/double.test.ts',
  '53-killed-under-backpressure':
    'it holds no messages: it counts what the client alone does when its server is killed',
}

const holding: string[] = []

describe('the double answers as the real server was recorded to answer', () => {
  for (const name of names) {
    const recording = loadRecording(name)
    if (name in notRepeated) continue
    test(`${name}: ${recording.description}`, async () => {
      expect(await replay(recording, settings[name])).toEqual([])
      holding.push(name)
    })
  }
})

afterAll(() => {
  const lines = Object.entries(notRepeated).map(([name, reason]) => `  not repeated: ${name}: ${reason}`)
  const failing = names.filter((name) => !(name in notRepeated) && !holding.includes(name))
  for (const name of failing) lines.push(`  does not hold: ${name}`)
  console.log(`Recordings that hold: ${holding.length} of ${names.length}\n${lines.join('\n')}`)
})
