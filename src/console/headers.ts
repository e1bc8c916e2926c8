/**
 * The page runs its own script and style, talks to its own server, and is framed by nobody. So even if something of
 * the store were taken for markup, it could neither run nor call home.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // The page makes nothing of text: not even a mistake in it could turn text into markup.
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

/** On every answer. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}

/** An answer with what every answer carries. What is live or stored is never kept by a cache. */
export function answer(
  status: number,
  body: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | null,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, {
    status,
    headers: { 'cache-control': 'no-store', ...securityHeaders, ...headers },
  })
}

export function plainText(
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return answer(status, `${text}\n`, { 'content-type': 'text/plain; charset=utf-8', ...headers })
}

export function json(status: number, value: unknown): Response {
  return answer(status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8' })
}
