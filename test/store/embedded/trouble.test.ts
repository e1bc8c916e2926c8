import { spawn } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { open as openLmdb } from 'lmdb'
import { describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../../src/errors.ts'
import { allOf, openAt, temporaryFolder } from './processes/opened.ts'

const linux = process.platform === 'linux'

async function refusalAt(path: string): Promise<StoreUnavailable> {
  const error = await openAt(path).then(
    async (store) => {
      await store.close()
      return undefined
    },
    (cause: unknown) => cause,
  )
  expect(error).toBeInstanceOf(StoreUnavailable)
  return error as StoreUnavailable
}

describe('embedded store, in trouble', () => {
  it('makes its folder, with those above it', async () => {
    const path = join(await temporaryFolder(), 'some', 'where.data')
    const store = await openAt(path)
    expect(await allOf(store)).toEqual([])
    await store.close()
  })

  it('says that its path is a file', async () => {
    const path = join(await temporaryFolder(), 'file')
    await writeFile(path, 'text')
    expect((await refusalAt(path)).message).toBe(
      `The path '${path}' of the embedded store is a file. Give the path of a folder; it is made if it does not exist.`,
    )
    expect((await refusalAt(join(path, 'below'))).message).toContain('a part of its path is a file')
  })

  it.runIf(linux)('says that its path cannot be written [Linux only: needs /proc]', async () => {
    expect((await refusalAt('/proc/reenact')).message).toMatch(
      /^The embedded store '\/proc\/reenact' could not be opened: .+\. \w.+\.$/,
    )
  })

  it('says that data.mdb is something else, and leaves it alone', async () => {
    const path = await temporaryFolder()
    for (const content of ['x'.repeat(100_000), 'short', '\0'.repeat(10_000)]) {
      await writeFile(join(path, 'data.mdb'), content)
      expect((await refusalAt(path)).message).toContain('its data.mdb is no lmdb database')
      expect(await readFile(join(path, 'data.mdb'), 'utf8')).toBe(content)
    }
    await writeFile(join(path, 'data.mdb'), '')
    await (await openAt(path)).close()
  })

  it('refuses the lmdb database of somebody else, and leaves it as it was', async () => {
    const path = await temporaryFolder()
    const others = openLmdb<string, string>({ path, noSubdir: false, overlappingSync: false })
    await others.put('theirs', 'data')
    await others.close()
    expect((await refusalAt(path)).message).toBe(
      `The folder '${path}' holds an lmdb database that is no store of Reenact. Choose another path.`,
    )
    const again = openLmdb<string, string>({ path, noSubdir: false, overlappingSync: false })
    expect([...again.getKeys()]).toEqual(['theirs'])
    await again.close()
  })

  it('refuses a format that it does not know', async () => {
    const path = await temporaryFolder()
    await (await openAt(path)).close()
    const raw = openLmdb<string, string>({
      path,
      noSubdir: false,
      encoding: 'string',
      overlappingSync: false,
    })
    await raw.put('reenact', '7')
    await raw.close()
    expect((await refusalAt(path)).message).toBe(
      `The embedded store '${path}' has the format 7; this release of Reenact reads the format 3. Use a release that knows it, or choose another path.`,
    )
  })

  it.runIf(linux)(
    'refuses what does not fit on the disk, keeps the rest, and goes on later [Linux only: needs ulimit]',
    async () => {
      const path = await temporaryFolder()
      const script = join(import.meta.dirname, 'processes', 'fill-disk.ts')
      const command = `ulimit -f 2000; exec "$0" --conditions=reenact-source --import tsx "${script}" "${path}" 2>/dev/null`
      const child = spawn('bash', ['-c', command, process.execPath])
      let output = ''
      for await (const chunk of child.stdout) output += String(chunk)
      const { written, refusal, read } = JSON.parse(output) as Record<string, unknown>
      expect(written).toBeGreaterThan(0)
      expect(refusal).toMatch(/^The embedded store '.+' could not write: the disk is full or fails\. /)
      expect(read).toBe(written)
      const store = await openAt(path)
      expect(await allOf(store)).toHaveLength(Number(written))
      expect(await store.checkHead('a-1', Number(written) - 1)).toBe(true)
      await store.close()
    },
  )
})
