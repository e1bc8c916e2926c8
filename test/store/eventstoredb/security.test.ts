import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { AccessDenied, StoreUnavailable } from '../../../src/errors.ts'
import { OnDouble, revisionsOf, send } from './support/on-double.ts'

const file = (name: string) => fileURLToPath(new URL(`./support/tls/${name}`, import.meta.url))
const tls = { key: readFileSync(file('server.key')), certificate: readFileSync(file('server.crt')) }
const user = { name: 'bank', password: 'open sesame %' }
const credentials = 'bank:open%20sesame%20%25'
const caOf = (name: string) => `tlsCAFile=${encodeURIComponent(file(name))}`

describe('TLS', () => {
  test.each(['one node', 'seeds of a cluster'])('with the right authority, to %s', async (kind) => {
    await using on = await OnDouble.start({ double: { tls, user } })
    const { port } = on.double
    const hosts = kind === 'one node' ? `127.0.0.1:${port}` : `127.0.0.1:${port},127.0.0.1:${port}`
    const store = await on.open({ connectionString: `esdb://${credentials}@${hosts}?${caOf('server.crt')}` })
    expect(await send(store, on.appendOf('a-1'))).toMatchObject({ status: 'written' })
    expect(await revisionsOf(store, 'a-1')).toEqual([0])
    expect(on.provider({ connectionString: `esdb://${credentials}@${hosts}` }).description).toBe(
      `esdb://${hosts}`,
    )
  })

  test.each([
    ['another authority', (port: number) => `127.0.0.1:${port}?${caOf('other.crt')}`, 'is not accepted'],
    [
      'another authority, seeds of a cluster',
      (port: number) => `127.0.0.1:${port},127.0.0.1:${port}?maxDiscoverAttempts=1&${caOf('other.crt')}`,
      'is not accepted',
    ],
    ['no authority', (port: number) => `127.0.0.1:${port}`, 'is not accepted'],
    [
      'no TLS',
      (port: number) => `127.0.0.1:${port}?tls=false`,
      'expects TLS, and the connection string says tls=false',
    ],
    [
      'a file that is not there',
      (port: number) => `127.0.0.1:${port}?${caOf('missing.crt')}`,
      'the file of tlsCAFile cannot be read',
    ],
  ])('with %s it says so, instead of that the server is down', async (_what, hosts, reason) => {
    await using on = await OnDouble.start({ double: { tls }, connectTimeoutMs: 20_000 })
    const opening = on.open({ connectionString: `esdb://${hosts(on.double.port)}` })
    const error = await opening.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(StoreUnavailable)
    expect(String(error)).toContain('cannot be talked to securely')
    expect(String(error)).toContain(reason)
  })

  test('to a server without TLS it says so', async () => {
    await using on = await OnDouble.start()
    const opening = on.open({ connectionString: `esdb://127.0.0.1:${on.double.port}` })
    await expect(opening).rejects.toThrow(
      'does not speak TLS, and the connection string does not say tls=false',
    )
  })

  test('to nobody it says that nobody is there', async () => {
    await using on = await OnDouble.start({ connectTimeoutMs: 500 })
    const { port } = on.double
    await on.double.stop()
    const opening = on.open({ connectionString: `esdb://127.0.0.1:${port}` })
    await expect(opening).rejects.toThrow(/cannot be reached: .*ECONNREFUSED/)
  })
})

describe('access', () => {
  test.each(['', 'bank:wrong@', 'somebody:open%20sesame@'])('is denied to "%s", at once', async (who) => {
    await using on = await OnDouble.start({ double: { tls, user } })
    const connectionString = `esdb://${who}127.0.0.1:${on.double.port}?${caOf('server.crt')}`
    await expect(on.open({ connectionString })).rejects.toThrow(AccessDenied)
  })

  test('to a stream that is not ours to write is refused, and to no other', async () => {
    await using on = await OnDouble.start({ double: { readOnlyStreams: ['theirs-'] } })
    const store = await on.open()
    const [denied, written] = await Promise.all([
      send(store, on.appendOf('theirs-1')),
      send(store, on.appendOf('ours-1')),
    ])
    expect(denied).toMatchObject({ status: 'refused', error: expect.any(AccessDenied) })
    expect(written.status).toBe('written')
    await expect(store.checkHead('theirs-1', -1)).rejects.toThrow(AccessDenied)
  })
})

test('no secret is in any log, error or description', async () => {
  const seen: string[] = []
  const look = (on: OnDouble) => seen.push(JSON.stringify(on.logger.lines))
  const keep = (error: unknown) =>
    seen.push(String(error), JSON.stringify(error), (error as Error).stack ?? '')
  Object.assign(process.env, { DEBUG: '*', GRPC_TRACE: 'all', GRPC_VERBOSITY: 'DEBUG' })
  try {
    await using on = await OnDouble.start({ double: { tls, user }, thread: 'own', callTimeoutMs: 500 })
    const at = `@127.0.0.1:${on.double.port}?${caOf('server.crt')}`
    await on.open({ connectionString: `esdb://bank:wrong%20word${at}` }).catch(keep)
    const connectionString = `esdb://${credentials}${at}&unknownOption=1&tlsVerifyCert=false&keepAliveInterval=20`
    const provider = on.provider({ connectionString })
    seen.push(provider.description, JSON.stringify(provider))
    const store = await on.open({ connectionString })
    await on.double.stop()
    await send(store, on.appendOf('a-1'))
    await revisionsOf(store, 'a-1').catch(keep)
    look(on)
  } finally {
    for (const name of ['DEBUG', 'GRPC_TRACE', 'GRPC_VERBOSITY']) delete process.env[name]
  }
  expect(seen.join('\n')).toContain('KeepAliveInterval')
  for (const secret of ['sesame', 'wrong', Buffer.from('bank:').toString('base64').slice(0, 6)]) {
    expect(seen.join('\n')).not.toContain(secret)
  }
})
