import { describe, expect, it } from 'vitest'
import { openEnvironment } from '../../../src/store/embedded/lmdb.ts'
import { temporaryFolder } from './processes/opened.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

describe('a write that depends on a record', () => {
  it('is written whole while the record is as it was, and not at all afterwards', async () => {
    const environment = openEnvironment(await temporaryFolder())
    const guard = environment.guard('guard')
    const table = environment.keyed('table')
    const writeWhileAt = (version: number | undefined, next: number, text: string) =>
      guard.whileAt(version, () => {
        table.write(bytes('key'), bytes(text))
        table.write(bytes(text), bytes(text))
        guard.write(next, bytes(text))
      })
    const found = () => {
      environment.refresh()
      const { version, bytes: held } = guard.read() ?? { version: -1, bytes: bytes('none') }
      return { version, held: held.toString(), value: table.read(bytes('key'))?.toString() }
    }

    expect(guard.read()).toBeUndefined()
    expect(await writeWhileAt(7, 8, 'too early')).toBe('overtaken')
    expect(found()).toEqual({ version: -1, held: 'none', value: undefined })
    expect(await writeWhileAt(undefined, 1, 'first')).toBe('written')
    expect(await writeWhileAt(undefined, 2, 'first again')).toBe('overtaken')
    expect(await writeWhileAt(1, 2 ** 52, 'second')).toBe('written')
    expect(await writeWhileAt(1, 3, 'late')).toBe('overtaken')
    expect(found()).toEqual({ version: 2 ** 52, held: 'second', value: 'second' })
    expect(table.read(bytes('late'))).toBeUndefined()
    await environment.close()
  })

  it('has one winner of many', async () => {
    const environment = openEnvironment(await temporaryFolder())
    const guard = environment.guard('guard')
    await guard.whileAt(undefined, () => guard.write(1, bytes('start')))
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, nth) => guard.whileAt(1, () => guard.write(2 + nth, bytes(`${nth}`)))),
    )
    expect(outcomes).toEqual(['written', ...Array.from({ length: 19 }, () => 'overtaken')])
    expect(guard.read()?.version).toBe(2)
    await environment.close()
  })
})
