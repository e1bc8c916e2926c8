import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const read = (name: string): Buffer => readFileSync(new URL(`./tls/${name}`, import.meta.url))

/** A certificate for 127.0.0.1 and localhost, for tests only. */
export const testTls = { key: read('node.key'), certificate: read('node.crt') }

/** The authority that signed it: what `tlsCAFile` of a connection string names. */
export const testAuthorityFile = fileURLToPath(new URL('./tls/authority.crt', import.meta.url))
