import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { bundlePage } from '../../src/console/bundle-page.ts'

test('the whole page has under 150 KB in gzip', async () => {
  const sizes = [...(await bundlePage())].map(([name, body]) => [name, gzipSync(body).length] as const)
  const total = sizes.reduce((sum, [, size]) => sum + size, 0)
  console.log(`The page of the console: ${total} bytes in gzip.`, Object.fromEntries(sizes))
  expect(total).toBeLessThan(150_000)
})

test('its files name no other host', async () => {
  for (const [name, body] of await bundlePage()) {
    if (name === 'licences.txt') continue
    const hosts =
      Buffer.from(body)
        .toString()
        .match(/\b(?:https?:)?\/\/[\w-]+\.[\w.-]+/g) ?? []
    // Names of XML's languages, never asked for.
    expect(
      hosts.filter((host) => !host.endsWith('//www.w3.org')),
      name,
    ).toEqual([])
  }
})

test('it says whose work is in it', async () => {
  const licences = Buffer.from((await bundlePage()).get('licences.txt') ?? []).toString()
  expect(licences).toContain('Copyright (c) 2015-present Jason Miller')
  expect(licences).toMatch(/Leon Sorokin/)
})
