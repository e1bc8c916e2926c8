import { describe, expect, test } from 'vitest'
import { bank, origin } from './kit.ts'

const token = 'a token that nobody guesses'
const inAddress = `?token=${encodeURIComponent(token)}`

describe('the token', () => {
  test('without it nothing is shown', async () => {
    const it = await bank({ token })
    for (const path of ['', 'console.js', 'api/system', '?token=wrong', `api/system?token=${token}x`]) {
      expect((await it.get(path)).status, path).toBe(401)
    }
    expect((await it.get('', { cookie: 'reenact-console=%E0%A4' })).status).toBe(401)
    expect((await it.get('', { authorization: `Basic ${token}` })).status).toBe(401)
  })

  test('given once in the address it is kept in a cookie that no script sees, and the address is forgotten', async () => {
    const it = await bank({ token })
    const answer = await it.get(inAddress)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/'])
    const cookie = answer.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/)
    const [pair = ''] = cookie.split(';')
    expect((await it.get('api/system', { cookie: `theme=dark; ${pair}` })).status).toBe(200)
  })

  test('programs send it as a bearer', async () => {
    const it = await bank({ token })
    expect((await it.get('api/system', { authorization: `Bearer ${token}` })).status).toBe(200)
  })

  test('behind https the cookie stays there', async () => {
    const { handler } = await bank({ token })
    const answer = await handler(new Request(`https://console.test/${inAddress}`))
    expect(answer.headers.get('set-cookie')).toMatch(/; Secure$/)
  })
})

describe('every answer', () => {
  test.each(['', 'console.js', 'nothing', 'api/system', 'api/nothing', 'api/live?page=overview'])(
    'to %j is bound to its own origin by its policy',
    async (path) => {
      const answer = await (await bank()).get(path)
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self'; /)
      expect(policy).not.toMatch(/unsafe|https?:|\*|data:/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('cross-origin-resource-policy')).toBe('same-origin')
      await answer.body?.cancel()
    },
  )

  test('of the page holds no script, no style and no other host', async () => {
    const html = await (await (await bank()).get('')).text()
    expect(html).not.toMatch(/<script(?![^>]* src=)|<style|style=|\son\w+=|https?:\/\//)
  })
})

describe('mounted below a path', () => {
  test('it answers there, and sends who forgot the slash there', async () => {
    const { handler } = await bank({ path: '/admin/console' })
    const at = (path: string) => handler(new Request(`${origin}${path}`))
    expect((await at('/admin/console/')).status).toBe(200)
    expect((await at('/admin/console/api/system')).status).toBe(200)
    const sent = await at('/admin/console?token=x')
    expect([sent.status, sent.headers.get('location')]).toEqual([308, '/admin/console/?token=x'])
    expect((await at('/admin/consoles/')).status).toBe(404)
    expect((await at('/')).status).toBe(404)
  })
})

test('a browser that has a file is not sent it again', async () => {
  const it = await bank()
  const first = await it.get('console.js')
  const tag = first.headers.get('etag') ?? ''
  const again = await it.get('console.js', { 'if-none-match': tag })
  expect([again.status, await again.text()]).toEqual([304, ''])
})

test('HEAD answers as GET, without a body', async () => {
  const { handler } = await bank()
  const answer = await handler(new Request(`${origin}/api/live?page=overview`, { method: 'HEAD' }))
  expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([
    200,
    'text/event-stream',
    '',
  ])
})
