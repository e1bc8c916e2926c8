import { describe, expect, it } from 'vitest'
import { leaseLog } from '../../../src/store/embedded/shared-logs.ts'
import { openAt, temporaryFolder } from './processes/opened.ts'

describe('view of the log', () => {
  it('keeps what it learnt of others after a commit, when the commit itself is told late', async () => {
    const path = await temporaryFolder()
    const store = await openAt(path)
    const { log, release } = await leaseLog(path)
    const origin = {
      commandId: 'c',
      commandType: 'Do',
      count: 1,
      system: 'system',
      correlationId: 'c',
      causationId: 'c',
    }
    const commands = [{ schemaVersion: 1, origin, events: [{ type: 'Done', json: '{}' }] }]
    for (const expectedRevision of [-1, 0]) {
      await new Promise<void>((resolve) => {
        store.append([{ id: `id-${expectedRevision}`, stream: 'a-1', expectedRevision, commands }], () =>
          resolve(),
        )
      })
    }
    const late = log.view.heads.of('a-1')
    late.note(99, 0, 1, 0)
    log.view.committed({ next: 2, headsUpTo: 1 }, 1, [late], 'system')
    expect(log.reader.headOf('a-1')).toBe(1)
    expect(log.view.end.next).toBe(3)
    await release()
    await store.close()
  })
})
