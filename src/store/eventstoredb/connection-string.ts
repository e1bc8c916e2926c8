import { StoreUnavailable } from '../../errors.ts'

/** One node, or one seed of the gossip. */
export interface Host {
  readonly address: string
  readonly port: number
}

/** How the connection is secured. Certificates are read by the client; the probe reads the same files. */
export type Security = { readonly mode: 'plain' } | { readonly mode: 'tls'; readonly caFile?: string }

/** What is said in an EventStoreDB connection string. `secrets` must never be shown. */
export interface ConnectionString {
  /** For the client: only the options that it knows and that Reenact leaves to the operator. */
  readonly forClient: string
  /** For people: protocol and hosts, nothing else. */
  readonly description: string
  readonly hosts: readonly Host[]
  readonly security: Security
  /** Whether the operator wants to be connected to the leader (the default) or to another node. */
  readonly preference: 'leader' | 'other'
  readonly secrets: readonly string[]
  /** What was left out or will not do what the operator may expect. */
  readonly warnings: readonly string[]
}

/** The options of the client, by their spelling without case, `_` and `-`, in which it reads them. */
const known = new Map(
  [
    'tls',
    'tlsCAFile',
    'userCertFile',
    'userKeyFile',
    'connectionName',
    'nodePreference',
    'maxDiscoverAttempts',
    'discoveryInterval',
    'gossipTimeout',
    'keepAliveInterval',
    'keepAliveTimeout',
    'defaultDeadline',
    'tlsVerifyCert',
    'throwOnAppendFailure',
  ].map((name) => [flat(name), name]),
)

function flat(name: string): string {
  return name.trim().toLowerCase().replace(/[_-]/g, '')
}

const shape = /^(esdb|esdb\+discover):\/\/(?:([^@/?]*)@)?([^@/?]*)\/?(?:\?(.*))?$/

/**
 * Reads a connection string such as `esdb://admin:changeit@a:2113,b:2113,c:2113?tlsCAFile=ca.crt`.
 *
 * The client has a reader of its own, but it prints the whole string, password included, on the console when an
 * option is unknown to it, and lets a user without a password pass as part of the host. So only what is known to
 * be well-formed reaches it.
 *
 * @throws StoreUnavailable where it cannot be read; the message names the part and never shows a secret.
 */
export function parseConnectionString(text: string): ConnectionString {
  const parts = shape.exec(text.trim())
  if (parts === null) {
    throw malformed('it is not of the form esdb://user:password@host:port,host:port?option=value')
  }
  const [, protocol = '', credentials, hostList = '', query = ''] = parts
  const hosts = hostList.split(',').map(parseHost)
  const warnings: string[] = []
  const options = parseOptions(query, warnings)
  const security = securityOf(options)
  if (protocol === 'esdb+discover' && hosts.length > 1) {
    warnings.push(
      'with esdb+discover:// only the first host is asked; write esdb://a,b,c to have all of them asked',
    )
  }
  if (credentials !== undefined && security.mode === 'plain') {
    warnings.push('user and password are not sent, because tls=false')
  }
  const search = [...options].map(([name, value]) => `${name}=${value}`).join('&')
  const nodes = hosts.map(({ address, port }) => `${address}:${port}`).join(',')
  const description = `${protocol}://${nodes}`
  const at = credentials === undefined ? '' : `${credentials}@`
  return {
    forClient: `${protocol}://${at}${nodes}${search === '' ? '' : `?${search}`}`,
    description,
    hosts,
    security,
    preference: (options.get('nodePreference') ?? 'leader').toLowerCase() === 'leader' ? 'leader' : 'other',
    secrets: secretsOf(credentials),
    warnings,
  }
}

function parseHost(host: string): Host {
  const [address = '', port = '2113', ...rest] = host.trim().split(':')
  if (
    address === '' ||
    rest.length > 0 ||
    !/^\d{1,5}$/.test(port) ||
    /[[\]$+!*'();{}|"%~#<>=&\s]/.test(address)
  ) {
    throw malformed(`'${host}' is no host:port (the client takes names and IPv4 addresses)`)
  }
  return { address, port: Number(port) }
}

function parseOptions(query: string, warnings: string[]): ReadonlyMap<string, string> {
  const options = new Map<string, string>()
  for (const pair of query === '' ? [] : query.split('&')) {
    const equals = pair.indexOf('=')
    const given = equals < 0 ? pair : pair.slice(0, equals)
    const value = equals < 0 ? '' : pair.slice(equals + 1).trim()
    const name = known.get(flat(given))
    if (name === undefined) warnings.push(`the option '${given}' is not known to the client and is left out`)
    else if (value === '') throw malformed(`the option '${given}' has no value`)
    else if (name === 'throwOnAppendFailure')
      warnings.push(`the option '${given}' is left out: Reenact needs its default`)
    else if (name === 'tlsVerifyCert') {
      if (value === 'false') {
        warnings.push(
          'the client always verifies certificates: tlsVerifyCert=false has no effect, give tlsCAFile instead',
        )
      }
    } else options.set(name, value)
  }
  const tls = options.get('tls')
  if (tls !== undefined && tls !== 'true' && tls !== 'false')
    throw malformed(`tls is 'true' or 'false', not '${tls}'`)
  return options
}

function securityOf(options: ReadonlyMap<string, string>): Security {
  if (options.get('tls') === 'false') return { mode: 'plain' }
  const caFile = options.get('tlsCAFile')
  return caFile === undefined ? { mode: 'tls' } : { mode: 'tls', caFile: decode(caFile, 'tlsCAFile') }
}

function secretsOf(credentials: string | undefined): readonly string[] {
  if (credentials === undefined) return []
  const [user = '', password = '', ...rest] = credentials.split(':')
  if (user === '' || password === '' || rest.length > 0) {
    throw malformed(
      "what stands before the '@' must be user:password, with ':' in either written %3A and '@' written %40",
    )
  }
  const plain = decode(password, 'the password')
  const pair = `${decode(user, 'the user')}:${plain}`
  return [password, plain, Buffer.from(pair).toString('base64')]
}

function decode(text: string, what: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw malformed(`${what} is not URL-encoded: write '%' as %25`)
  }
}

function malformed(reason: string): StoreUnavailable {
  return new StoreUnavailable(
    `The connection string of EventStoreDB cannot be read: ${reason}.`,
    'Mend it; see docs/eventstoredb.md.',
  )
}

/** Takes every secret out of a text that others wrote, such as the message of an error of the client. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets.reduce((safe, secret) => safe.replaceAll(secret, '***'), text)
}
