import { createHash, timingSafeEqual } from 'node:crypto'

const cookieName = 'reenact-console'

/**
 * - `granted`
 * - `introduce`: the token came in the address; the browser is to keep it in a cookie and forget the address.
 * - `denied`
 */
export type Access = 'granted' | 'introduce' | 'denied'

/** Whether a request may see the console. Tokens are compared in constant time. */
export function accessOf(request: Request, url: URL, token: string | undefined): Access {
  if (token === undefined) return 'granted'
  if (isSame(cookieOf(request), token) || isSame(bearerOf(request), token)) return 'granted'
  return isSame(url.searchParams.get('token') ?? undefined, token) ? 'introduce' : 'denied'
}

/** Kept until the browser is closed, unseen by scripts; other sites can link to the console, and no more. */
export function tokenCookie(token: string, path: string, url: URL): string {
  const secure = url.protocol === 'https:' ? '; Secure' : ''
  return `${cookieName}=${encodeURIComponent(token)}; Path=${path || '/'}; HttpOnly; SameSite=Lax${secure}`
}

function cookieOf(request: Request): string | undefined {
  for (const pair of (request.headers.get('cookie') ?? '').split(';')) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === cookieName && value !== undefined) return decoded(value)
  }
  return undefined
}

function decoded(value: string): string | undefined {
  try {
    return decodeURIComponent(value)
  } catch {
    return undefined
  }
}

function bearerOf(request: Request): string | undefined {
  return /^Bearer (.+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
}

/** Hashed first: so both have one length, and the time says nothing about either. */
function isSame(given: string | undefined, token: string): boolean {
  if (given === undefined) return false
  return timingSafeEqual(digest(given), digest(token))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
