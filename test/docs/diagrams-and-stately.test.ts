import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { memoryStore, start } from 'reenact'
import { diagram } from 'reenact/diagram'
import { checkSource, inspectWithStately } from 'reenact/stately'
import { expect, it, onTestFinished } from 'vitest'
import { account } from '../../examples/bank/account.ts'

it('draws', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'diagrams-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const picture = join(folder, 'account.svg')
  // #region draw
  const text = diagram(account, { format: 'mermaid' })
  const { nodes, edges } = diagram(account, { format: 'json', view: 'machine' })
  await writeFile(picture, await diagram(account, { format: 'svg', view: 'domain' }))
  // #endregion draw
  expect(text).toContain('active --> frozen : Freeze / Frozen')
  expect([nodes.length, edges.length]).toEqual([6, 4])
  expect(await readFile(picture, 'utf8')).toMatch(/^<svg/)
})

it('inspects', async () => {
  await using system = await start({ aggregates: [account], store: memoryStore() })
  // #region inspect
  const inspection = await inspectWithStately(system, {
    url: 'ws://localhost:8080',
    aggregates: [account],
    sample: 0.1, //  a tenth of the ids, always the same ones
    sanitize: (_kind, _aggregate, value) => ({ ...(value as object), owner: '***' }),
  })
  // #endregion inspect
  await inspection.stop()
})

it('checks', async () => {
  const lines: string[] = []
  const print = (line: string): void => void lines.push(line)
  // #region check
  for (const { line, column, message, mend } of await checkSource('examples/bank/account.ts')) {
    print(`${line}:${column} ${message}: ${mend}`)
  }
  // #endregion check
  expect(lines[0]).toMatch(/^\d+:\d+ these params are a function/)
})
