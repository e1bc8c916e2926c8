import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type ConsoleHandler, type ServeOptions, serveConsole } from '../../src/console/index.ts'

async function served(handler: ConsoleHandler, options: ServeOptions = {}): Promise<URL> {
  const server = await serveConsole(handler, { port: 0, ...options })
  onTestFinished(() => server.close())
  return new URL(server.url)
}

/** Sends bytes as they are: `fetch` would put them right. */
function raw(url: URL, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(url.port), '127.0.0.1', () => socket.write(text))
    let answer = ''
    socket.on('data', (data) => {
      answer += String(data)
    })
    socket.on('close', () => resolve(answer))
    socket.on('error', reject)
  })
}

const echo: ConsoleHandler = async ({ url, method, headers }) =>
  Response.json({ url, method, twice: headers.get('x-twice') }, { headers: { 'x-own': 'yes' } })

test('requests and answers come through as they are', async () => {
  const url = await served(echo)
  const answer = await fetch(new URL('a/b?c=%C3%A4', url), {
    headers: [
      ['x-twice', '1'],
      ['x-twice', '2'],
    ],
  })
  expect(answer.headers.get('x-own')).toBe('yes')
  expect(await answer.json()).toEqual({ url: `${url}a/b?c=%C3%A4`, method: 'GET', twice: '1, 2' })
})

test('an address that looks like another host stays a path', async () => {
  const url = await served(echo)
  const answer = await raw(url, 'GET //other.test/x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n')
  expect(answer).toContain('"url":"http://127.0.0.1//other.test/x"')
})

test('on this machine, a page that named another host for it is refused', async () => {
  const url = await served(echo)
  const ask = (host: string) => raw(url, `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
  expect(await ask(`evil.test:${url.port}`)).toMatch(/^HTTP\/1\.1 421 /)
  for (const host of [`localhost:${url.port}`, `[::1]:${url.port}`]) expect(await ask(host)).toMatch(/ 200 /)
})

test('what is no request ends the connection, not the server', async () => {
  const url = await served(echo)
  expect(await raw(url, 'GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n')).toBe('')
  expect((await fetch(url)).status).toBe(200)
})

test('a handler that fails ends the connection, not the server', async () => {
  let calls = 0
  const url = await served(async () => {
    if (++calls === 1) throw new Error('broken')
    return new Response('ok')
  })
  await expect(fetch(url)).rejects.toThrow()
  expect(await (await fetch(url)).text()).toBe('ok')
})

test('who goes away ends what was made for him', async () => {
  const events: string[] = []
  const gone = new Promise<void>((resolve) => {
    void served(async ({ signal }) => {
      signal.addEventListener('abort', () => events.push('aborted'))
      const body = new ReadableStream({
        start: (controller) => controller.enqueue(new TextEncoder().encode('first')),
        cancel() {
          events.push('cancelled')
          resolve()
        },
      })
      return new Response(body)
    }).then(async (url) => {
      const leaving = new AbortController()
      const answer = await fetch(url, { signal: leaving.signal })
      await answer.body?.getReader().read()
      leaving.abort()
    })
  })
  await gone
  expect(events.toSorted()).toEqual(['aborted', 'cancelled'])
})

test('a port that is taken is an error for the caller', async () => {
  const url = await served(echo)
  await expect(serveConsole(echo, { port: Number(url.port) })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})
