import axe from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { memoryStore, type System, start } from 'reenact'
import { type ConsoleServer, consoleHandler, serveConsole } from 'reenact/console'
import { foreignWriter, silentLogger } from 'reenact/testing'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { findChromium, launchArguments } from './chromium.ts'
import { runningBank } from './running-bank.ts'

const executablePath = findChromium()
if (executablePath === undefined) {
  console.log(
    'No Chromium here: the console is not tested in a browser. apt-get install chromium, or REENACT_CHROMIUM=path.',
  )
}

// A browser that shares a busy machine with other tests; nothing here is about time.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

const phone = { width: 390, height: 844 }
const hostileId = '"><img src=x onerror=alert(1)>'
const hostileOwner = '<script>alert(2)</script>'
const hostileType = '<svg onload=alert(3)>'
/** Each page, and what is there when it is complete. */
const pages = [
  ['#/', '.plot canvas'],
  ['#/aggregates', '.rows'],
  ['#/aggregates/account/alice', '[data-lit]'],
  ['#/log', '.filters'],
  ['#/trouble', '.quarantine'],
] as const

describe.skipIf(executablePath === undefined)('the console in a browser', () => {
  let browser: Browser
  let system: System
  let server: ConsoleServer
  const store = memoryStore()

  beforeAll(async () => {
    system = await start({ aggregates: [account], store, logger: silentLogger })
    const alice = system.get(account, 'alice')
    await alice.ask({ type: 'Open', owner: 'Alice' }, { commandId: 'open' })
    for (const amount of [500, 120, 60]) await alice.ask({ type: 'Deposit', amount }, { causationId: 'open' })
    await alice.ask({ type: 'Withdraw', amount: 80 })
    for (let nth = 0; nth < 30; nth++) {
      await system.get(account, `account ${nth}`).ask({ type: 'Open', owner: `Owner ${nth}` })
    }
    await system.get(account, hostileId).ask({ type: 'Open', owner: hostileOwner })
    const writer = await foreignWriter(store)
    await writer.write('account-strange', [{ type: hostileType, payload: hostileOwner }])
    await writer.close()
    await system
      .get(account, 'strange')
      .state()
      .catch(() => undefined)
    server = await serveConsole(consoleHandler(system), { port: 0 })
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: launchArguments })
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
    await system.stop()
  })

  /** A page of its own. Whatever it asks for, or complains about, is held against it at the end of the test. */
  async function opened(address: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await browser.newContext(options)
    context.setDefaultTimeout(100_000)
    const page = await context.newPage()
    const elsewhere: string[] = []
    const complaints: string[] = []
    const { origin } = new URL(address.startsWith('#') ? server.url : address)
    context.on('request', (request) => {
      if (new URL(request.url()).origin !== origin) elsewhere.push(request.url())
    })
    page.on('pageerror', (error) => complaints.push(String(error)))
    page.on('console', (message) => {
      // That a connection is cut, and that a history cannot be replayed, is what tests are about.
      const expected = /net::ERR_|status of 422/.test(message.text())
      if (message.type() === 'error' && !expected) complaints.push(message.text())
    })
    page.on('dialog', (dialog) => {
      complaints.push(`a dialog: ${dialog.message()}`)
      void dialog.dismiss()
    })
    onTestFinished(async () => {
      await context.close()
      expect({ elsewhere, complaints }).toEqual({ elsewhere: [], complaints: [] })
    })
    await page.goto(new URL(address, server.url).href)
    await page.locator('main > *').first().waitFor()
    return page
  }

  /** Within the page, as a link does. */
  const turnTo = (page: Page, address: string) => page.goto(new URL(address, page.url()).href)
  const figure = (page: Page, name: string) => page.locator('.figure', { hasText: name }).locator('dd')
  const lit = (page: Page, state: string) => page.locator(`[data-state="account.${state}"][data-lit]`).first()

  test('the bank runs, and the overview moves', async () => {
    const bank = await runningBank()
    const page = await opened(bank.url)
    const commands = figure(page, 'Commands per second')
    await commands.filter({ hasText: /[1-9]/ }).waitFor()
    const before = await commands.textContent()
    await page.waitForFunction(([element, text]) => element?.textContent !== text, [
      await commands.elementHandle(),
      before,
    ] as const)
    expect(
      Number((await figure(page, 'Live aggregates').textContent())?.replaceAll(',', '')),
    ).toBeGreaterThan(0)
    await page.locator('.plot canvas').first().waitFor()
  })

  test('an account is found by its name and id', async () => {
    const page = await opened('#/aggregates')
    await page.getByText(/^33 aggregates/).waitFor()
    await page.getByLabel('Search').fill('ali')
    await page.getByText(/^1 aggregate$/).waitFor()
    await page.getByRole('link', { name: 'account alice' }).click()
    await page.getByRole('heading', { level: 1, name: 'account alice' }).waitFor()
    expect(await page.evaluate('document.activeElement.tagName')).toBe('MAIN')
  })

  test('the slider shows the balance at revision 3, and what changed', async () => {
    const page = await opened('#/aggregates/account/alice')
    const context = page.locator('.card', { hasText: 'Context' }).first()
    await context.getByText('600').waitFor()
    const slider = page.getByRole('slider', { name: 'Revision' })
    await slider.focus()
    await slider.press('ArrowLeft')
    await context.getByText('680').waitFor()
    await page.getByText('620 → 680 (+60)').waitFor()
    expect(await slider.getAttribute('aria-valuetext')).toBe('revision 3 of 4, Deposited')
    expect(page.url()).toMatch(/alice@3$/)
    await slider.press('Home')
    await lit(page, 'unopened').waitFor()
    await page.getByRole('button', { name: 'Now' }).click()
    await lit(page, 'open.active').waitFor()
    await page.getByRole('button', { name: 'Travel to revision 1' }).click()
    await page.getByRole('button', { name: 'Show causes and effects' }).click()
    await page.locator('.caused-events .selected', { hasText: 'Deposited at revision 1' }).waitFor()
  })

  test('an account is frozen while its page is open: the lit state changes', async () => {
    const page = await opened('#/aggregates/account/account%207')
    await lit(page, 'open.active').waitFor()
    await page.evaluate('window.stillTheSamePage = true')
    await system.get(account, 'account 7').ask({ type: 'Freeze', reason: 'lost card' })
    await lit(page, 'open.frozen').waitFor()
    await page.getByRole('row', { name: /Frozen/ }).waitFor()
    expect(await page.evaluate('window.stillTheSamePage')).toBe(true)
  })

  test('hostile ids, payloads and types are text and nothing else', async () => {
    const page = await opened('#/aggregates')
    await page.getByLabel('Search').fill('<img')
    await page.getByRole('link', { name: `account ${hostileId}` }).click()
    await page.getByRole('heading', { level: 1, name: hostileId }).waitFor()
    await page.getByText(JSON.stringify(hostileOwner)).first().waitFor()
    await turnTo(page, '#/trouble')
    await page.locator('.quarantine .event-type', { hasText: hostileType }).waitFor()
    await page.getByRole('link', { name: 'account strange' }).first().click()
    await page.getByText(/^The history of account 'strange' cannot be replayed any further/).waitFor()
    await turnTo(page, '#/log')
    await page.getByLabel('Show').selectOption('start')
    await page.getByRole('rowheader', { name: hostileType }).waitFor()
    await page.locator('.payload', { hasText: hostileOwner }).first().waitFor()
    expect(await page.locator('img, #app script, svg[onload]').count()).toBe(0)
  })

  test('the address with the token opens the console, and does not keep it', async () => {
    const token = 'a token that nobody guesses'
    const guarded = await serveConsole(consoleHandler(system, { token }), { port: 0 })
    onTestFinished(() => guarded.close())
    const page = await opened(`${guarded.url}?token=${encodeURIComponent(token)}#/aggregates`)
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
    await page.getByRole('link', { name: 'account alice' }).waitFor()
    expect(page.url()).toBe(`${guarded.url}#/aggregates`)
  })

  test('an address that leads nowhere is told so', async () => {
    const page = await opened('#/aggregates/order/7')
    await page.getByText("This system does not run an aggregate 'order'.").waitFor()
  })

  test('the log is followed, of the events that are wanted', async () => {
    const page = await opened('#/log')
    await page.getByLabel('Event type').fill('Deposited')
    await page.getByLabel('Event type').press('Enter')
    await page.getByText('The newest 3 events').waitFor()
    const bob = system.get(account, 'bob')
    await bob.ask({ type: 'Open', owner: 'Bob' })
    // Whether the page follows already is not seen; so it is given something until it does.
    const row = page.getByRole('row', { name: /^Deposited account bob/ }).first()
    const shown = row.waitFor().then(() => 'shown' as const)
    let seen: 'shown' | 'not yet' = 'not yet'
    while (seen === 'not yet') {
      await bob.ask({ type: 'Deposit', amount: 1 })
      seen = await Promise.race([
        shown,
        page.evaluate('new Promise(requestAnimationFrame)').then(() => 'not yet' as const),
      ])
    }
    expect(await page.getByRole('rowheader', { name: 'Opened' }).count()).toBe(0)
  })

  test('a cut connection is found again, and what was missed is shown', async () => {
    const handler = consoleHandler(system)
    const first = await serveConsole(handler, { port: 0 })
    const page = await opened(`${first.url}#/aggregates/account/account%208`)
    await lit(page, 'open.active').waitFor()
    await first.close()
    await page.getByRole('status').filter({ hasText: 'reconnecting' }).waitFor()
    await system.get(account, 'account 8').ask({ type: 'Freeze', reason: 'lost card' })
    const second = await serveConsole(handler, { port: Number(new URL(first.url).port) })
    onTestFinished(() => second.close())
    await page.getByRole('status').filter({ hasText: 'live' }).waitFor()
    await lit(page, 'open.frozen').waitFor()
  })

  test('a page that nobody sees asks for nothing after a minute, until it is seen again', async () => {
    const page = await opened('#/aggregates/account/account%209')
    await lit(page, 'open.active').waitFor()
    await page.clock.install()
    const beSeen = (seen: boolean) =>
      page.evaluate(
        `Object.defineProperty(document, 'hidden', { value: ${!seen}, configurable: true });
         document.dispatchEvent(new Event('visibilitychange'))`,
      )
    const shown = (text: string) => page.getByRole('status').filter({ hasText: text }).waitFor()
    await beSeen(false)
    await page.clock.fastForward('00:50')
    await beSeen(true)
    await page.clock.fastForward('00:50')
    await shown('live')
    await beSeen(false)
    await page.clock.fastForward('01:10')
    await shown('paused')
    await system.get(account, 'account 9').ask({ type: 'Freeze', reason: 'lost card' })
    await beSeen(true)
    await shown('live')
    await lit(page, 'open.frozen').waitFor()
  })

  describe.each([
    ['light', { colorScheme: 'light' }, {}],
    // The same page in other colours.
    ['dark', { colorScheme: 'dark' }, { runOnly: ['color-contrast'] }],
    ['on a phone', { viewport: phone, hasTouch: true }, {}],
  ] as const)('%s', (_name, options, rules) => {
    test('axe finds nothing serious, and nothing is wider than the screen', async () => {
      const page = await opened('#/', options)
      for (const [address, complete] of pages) {
        await turnTo(page, address)
        await page.locator(complete).first().waitFor()
        await page.evaluate(axe.source)
        const results = (await page.evaluate(`axe.run(${JSON.stringify(rules)})`)) as axe.AxeResults
        expect(results.passes.length, address).toBeGreaterThan(0)
        expect(seriousOf(results), address).toEqual([])
        const [width, room] = (await page.evaluate(widths)) as readonly [number, number]
        expect(width, address).toBeLessThanOrEqual(room)
      }
    })
  })

  test('the first paint', async () => {
    const page = await browser.newPage()
    onTestFinished(() => page.close())
    await browser.startTracing(page, { categories: ['loading', 'devtools.timeline', 'blink.user_timing'] })
    await page.goto(server.url)
    await page.locator('.figure').first().waitFor()
    const trace = JSON.parse(String(await browser.stopTracing())) as { traceEvents: readonly TraceEvent[] }
    const paint = trace.traceEvents.findLast(({ name }) => name === 'firstContentfulPaint')
    const navigation = trace.traceEvents.findLast(
      ({ name, ts }) => name === 'navigationStart' && ts < (paint?.ts ?? 0),
    )
    expect(navigation).toBeDefined()
    const milliseconds = ((paint?.ts ?? 0) - (navigation?.ts ?? 0)) / 1000
    console.log(`First paint of the console, by the browser's trace: ${milliseconds.toFixed(0)} ms.`)
  })
})

interface TraceEvent {
  readonly name: string
  /** In microseconds. */
  readonly ts: number
}

const widths = '[document.documentElement.scrollWidth, innerWidth]'

function seriousOf({ violations }: axe.AxeResults): readonly string[] {
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
