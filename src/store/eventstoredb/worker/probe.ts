import { readFileSync } from 'node:fs'
import { connect as connectPlain, isIP } from 'node:net'
import { connect as connectSecurely, type TLSSocket } from 'node:tls'
import type { ConnectionString, Host } from '../connection-string.ts'
import type { Failure } from '../failure.ts'

/** A server that answers at all opens a socket well within this. */
const patienceMs = 2_000

/**
 * Why no connection comes about. The client says 'unavailable' or 'failed to discover' for a server that is down,
 * for a wrong certificate authority and for TLS on one side only: three things that an operator mends differently.
 * So each node is asked once by a bare socket.
 * @returns the failure with what was found, or as it was where nothing was.
 */
export async function probe(connection: ConnectionString, failure: Failure): Promise<Failure> {
  const findings = await Promise.all(connection.hosts.map((host) => probeHost(connection, host)))
  const untrusted = findings.find((finding) => finding?.kind === 'untrusted')
  if (untrusted !== undefined) return untrusted
  const details = findings.flatMap((finding) => (finding === undefined ? [] : [finding.detail]))
  // Where each node has shown what is wrong with it, the client's own words would say it once more.
  const known = details.length === connection.hosts.length ? details : [failure.detail, ...details]
  return { ...failure, detail: known.join('; ') }
}

function probeHost({ security }: ConnectionString, host: Host): Promise<Failure | undefined> {
  return security.mode === 'plain' ? probePlain(host) : probeSecurely(host, security.caFile)
}

async function probePlain(host: Host): Promise<Failure | undefined> {
  const at = `${host.address}:${host.port}`
  const refused = await outcomeOf(connectPlain({ host: host.address, port: host.port }), 'connect')
  if (refused !== undefined) return { kind: 'down', detail: `${at}: ${refused.message}` }
  // A server that answers a TLS greeting expects one.
  const greeted = await outcomeOf(secureSocket(host, { rejectUnauthorized: false }), 'secureConnect')
  if (greeted !== undefined) return undefined
  return { kind: 'untrusted', detail: `${at} expects TLS, and the connection string says tls=false` }
}

async function probeSecurely(host: Host, caFile: string | undefined): Promise<Failure | undefined> {
  const at = `${host.address}:${host.port}`
  let ca: Buffer | undefined
  try {
    ca = caFile === undefined ? undefined : readFileSync(caFile)
  } catch (error) {
    return { kind: 'untrusted', detail: `the file of tlsCAFile cannot be read: ${(error as Error).message}` }
  }
  const refused = await outcomeOf(connectPlain({ host: host.address, port: host.port }), 'connect')
  if (refused !== undefined) return { kind: 'down', detail: `${at}: ${refused.message}` }
  const error = await outcomeOf(secureSocket(host, ca === undefined ? {} : { ca }), 'secureConnect')
  if (error === undefined || error.code === 'TIMEOUT') return undefined
  // The socket opened, so the node is there: what failed is the handshake.
  const speaks =
    error.code === 'EPROTO' || error.code === 'ECONNRESET' || /wrong version/i.test(error.message)
  const detail = speaks
    ? `${at} does not speak TLS, and the connection string does not say tls=false`
    : `the certificate of ${at} is not accepted: ${error.message}`
  return { kind: 'untrusted', detail }
}

function secureSocket(
  { address, port }: Host,
  options: { ca?: Buffer; rejectUnauthorized?: boolean },
): TLSSocket {
  const name = isIP(address) === 0 ? { servername: address } : {}
  return connectSecurely({ host: address, port, ALPNProtocols: ['h2'], ...name, ...options })
}

/** @returns the error that kept a socket from getting as far as `event`, `undefined` where it got there. */
function outcomeOf(
  socket: ReturnType<typeof connectPlain>,
  event: 'connect' | 'secureConnect',
): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const finish = (error?: NodeJS.ErrnoException): void => {
      resolve(error)
      socket.destroy()
    }
    socket.setTimeout(patienceMs, () => finish(Object.assign(new Error('no answer'), { code: 'TIMEOUT' })))
    socket.once(event, () => finish())
    socket.on('error', finish)
    socket.once('close', () => finish(Object.assign(new Error('closed'), { code: 'ECONNRESET' })))
  })
}
