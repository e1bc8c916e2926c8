import { memoryStore, type System, start } from 'reenact'
import { consoleHandler, serveConsole } from 'reenact/console'
import { expect, test } from 'vitest'
import { account } from '../../examples/bank/account.ts'

const oneBank = (): Promise<System> => start({ aggregates: [account], store: memoryStore() })

test('served by itself', async () => {
  await using system = await oneBank()
  const console = { log: (address: string) => expect(address).toBe('http://127.0.0.1:4750/') }
  // #region serve
  const server = await serveConsole(consoleHandler(system), { port: 4750 })
  console.log(server.url) // http://127.0.0.1:4750/
  // #endregion serve
  expect((await fetch(server.url)).status).toBe(200)
  // #region close
  await server.close()
  // #endregion close
})

test('mounted beside pages of your own', async () => {
  await using system = await oneBank()
  const secret = 'of the operators, 16 characters or more'
  const pages = async (_request: Request) => new Response('a page of yours')
  // #region mount
  const operators = consoleHandler(system, { path: '/console', token: secret })

  const handle = (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url)
    return /^\/console(\/|$)/.test(pathname) ? operators(request) : pages(request)
  }
  // #endregion mount
  const asked = async (path: string) => (await handle(new Request(`http://localhost${path}`))).status
  expect(await asked('/')).toBe(200)
  expect(await asked('/consoles')).toBe(200)
  expect(await asked('/console/')).toBe(401)
  expect(await asked(`/console/?token=${encodeURIComponent(secret)}`)).toBe(303)
})

test('listening to trouble alone', async () => {
  await using system = await oneBank()
  const pager = { page: (_text: string) => undefined }
  // #region trouble
  const off = system.inspect((event) => {
    if (event.kind === 'quarantined') pager.page(event.error.message)
  }, 'trouble')
  // #endregion trouble
  off()
})
