import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/errors.ts'
import { parseConnectionString, redact } from '../../../src/store/eventstoredb/connection-string.ts'
import { eventStoreDB } from '../../../src/store/eventstoredb/index.ts'

const parse = parseConnectionString

describe('connection string', () => {
  test('hosts, security and the name for people', () => {
    expect(parse('esdb://a,b:2114,c.example.org:2115?tlsCAFile=%2Fetc%2Fca%20file.crt')).toMatchObject({
      description: 'esdb://a:2113,b:2114,c.example.org:2115',
      hosts: [
        { address: 'a', port: 2113 },
        { address: 'b', port: 2114 },
        { address: 'c.example.org', port: 2115 },
      ],
      security: { mode: 'tls', caFile: '/etc/ca file.crt' },
      preference: 'leader',
      warnings: [],
    })
    expect(parse(' esdb+discover://cluster.example.org/ ').description).toBe(
      'esdb+discover://cluster.example.org:2113',
    )
    expect(parse('esdb://localhost:2113/?tls=false').security).toEqual({ mode: 'plain' })
    expect(parse('esdb://localhost?nodePreference=Follower').preference).toBe('other')
  })

  test('options are known by their spelling without case, underscores and dashes, and kept', () => {
    const { forClient } = parse('esdb://a?TLS=true&keep_alive_interval=20000&node-preference=leader')
    expect(forClient).toBe('esdb://a:2113?tls=true&keepAliveInterval=20000&nodePreference=leader')
  })

  test('what the client cannot use, or Reenact must not, is left out with a warning that shows no value', () => {
    const { forClient, warnings } = parse(
      'esdb://a?tlsVerifyCert=false&throwOnAppendFailure=false&secretOption=hush',
    )
    expect(forClient).toBe('esdb://a:2113')
    expect(warnings).toEqual([
      'the client always verifies certificates: tlsVerifyCert=false has no effect, give tlsCAFile instead',
      "the option 'throwOnAppendFailure' is left out: Reenact needs its default",
      "the option 'secretOption' is not known to the client and is left out",
    ])
    expect(parse('esdb+discover://a,b').warnings[0]).toContain('write esdb://a,b,c')
    expect(parse('esdb://u:p@a?tls=false').warnings[0]).toContain('user and password are not sent')
  })

  test.each([
    ['', 'not of the form'],
    ['http://localhost', 'not of the form'],
    ['esdb://', 'no host:port'],
    ['esdb://a:b:c', 'no host:port'],
    ['esdb://a:port', 'no host:port'],
    ['esdb://[::1]:2113', 'no host:port'],
    ['esdb://a,,b', 'no host:port'],
    ['esdb://a?tls=yes', "tls is 'true' or 'false'"],
    ['esdb://a?tlsCAFile=', 'has no value'],
    ['esdb://a?tlsCAFile=%ZZ', 'not URL-encoded'],
    ['esdb://user@a', 'user:password'],
    ['esdb://user:hush:hush@a', 'user:password'],
    ['esdb://user:%hush@a', 'not URL-encoded'],
  ])('%s is refused with the reason, never with a secret', (text, reason) => {
    const make = () => eventStoreDB({ connectionString: text })
    expect(make).toThrow(StoreUnavailable)
    expect(make).toThrow(reason)
    expect(make).not.toThrow('hush')
  })

  test('every form of the password is taken out of a text', () => {
    const { secrets, description } = parse('esdb://ad%3Amin:s%20%C3%BC@a')
    const texts = [
      'esdb://ad%3Amin:s%20%C3%BC@a',
      'password s ü',
      `Basic ${Buffer.from('ad:min:s ü').toString('base64')}`,
    ]
    expect(texts.map((text) => redact(text, secrets))).toEqual([
      'esdb://ad%3Amin:***@a',
      'password ***',
      'Basic ***',
    ])
    expect(description).toBe('esdb://a:2113')
  })
})

test('settings that cannot be meant are refused', () => {
  const open = (options: object) => () => eventStoreDB({ connectionString: 'esdb://a', ...options })
  expect(open({ maxAppendBytes: 0 })).toThrow(
    'maxAppendBytes must be a whole number from 1 to 16777216, not 0',
  )
  expect(open({ callTimeoutMs: 1.5 })).toThrow('callTimeoutMs')
  expect(open({ heartbeatMs: Number.POSITIVE_INFINITY })).toThrow('heartbeatMs')
  expect(open({ maxAppendsInFlight: '5' })).toThrow('maxAppendsInFlight')
})
