import { mkdir } from 'node:fs/promises'
import { chromium, type Page } from 'playwright-core'
import { memoryStore, type System, start, systemRuntime } from 'reenact'
import { consoleHandler, serveConsole } from 'reenact/console'
import { silentLogger } from 'reenact/testing'
import { account } from '../../examples/bank/account.ts'
import { findChromium, launchArguments } from '../console/chromium.ts'

/** Takes the pictures of the console that README and docs show: a bank in memory, in a browser of this machine. */
const folder = new URL('../../docs/images/', import.meta.url)
const executablePath = findChromium()
if (executablePath === undefined) {
  throw new Error('There is no Chromium here: apt-get install chromium, or REENACT_CHROMIUM=path.')
}
await mkdir(folder, { recursive: true })

await using system = await start({ aggregates: [account], store: memoryStore(), logger: silentLogger })
const server = await serveConsole(consoleHandler(system), { port: 0 })
const browser = await chromium.launch({ executablePath, args: [...launchArguments, '--hide-scrollbars'] })
try {
  await aliceIn(system)
  const customers = await customersIn(system, 240)
  const stop = trading(system, customers)
  const overview = await opened('dark', { width: 1240, height: 700 })
  await overview.goto(server.url)
  // The charts show half a minute and more.
  await overview.waitForTimeout(34_000)
  await shot(overview, 'console-overview')
  stop()

  const alice = await opened('light', { width: 1240, height: 1000 })
  await alice.goto(`${server.url}#/aggregates/account/alice@5`)
  await alice.locator('[data-lit]').first().waitFor()
  await alice.getByRole('row', { name: /Opened/ }).waitFor()
  await shot(alice, 'console-aggregate')
} finally {
  await browser.close()
  await server.close()
}

function opened(colorScheme: 'light' | 'dark', viewport: { width: number; height: number }): Promise<Page> {
  return browser.newPage({ colorScheme, viewport })
}

async function shot(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: new URL(`${name}.png`, folder).pathname })
}

async function aliceIn(bank: System): Promise<void> {
  const alice = bank.get(account, 'alice')
  const teller = { metadata: { teller: 'counter 3' } }
  await alice.ask({ type: 'Open', owner: 'Alice Novak', overdraft: 5_000 }, teller)
  await alice.ask({ type: 'Deposit', amount: 120_000 }, teller)
  await alice.ask({ type: 'Withdraw', amount: 35_000 })
  await alice.ask({ type: 'Withdraw', amount: 480_000 })
  await alice.ask({ type: 'Freeze', reason: 'lost card' }, teller)
  await alice.ask({ type: 'Deposit', amount: 64_900 })
  await alice.ask({ type: 'Unfreeze' }, teller)
  await alice.ask({ type: 'Withdraw', amount: 12_000 })
}

async function customersIn(bank: System, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, nth) => `${1000 + nth * 7}`)
  for (const id of ids) await bank.get(account, id).ask({ type: 'Open', owner: `Customer ${id}` })
  return ids
}

/** A busy hour: it comes and goes, and some want what they cannot have. */
function trading(bank: System, ids: readonly string[]): () => void {
  const { clock, random } = systemRuntime
  let open = true
  const beat = (): void => {
    if (!open) return
    const commands = 40 + Math.round(25 * Math.sin(clock.now() / 5_000) + 10 * random())
    for (let nth = 0; nth < commands; nth++) {
      const one = bank.get(account, ids[Math.floor(random() * ids.length)] ?? '')
      if (random() < 0.06) one.tell({ type: 'Open', owner: 'again' })
      else one.tell({ type: random() < 0.7 ? 'Deposit' : 'Withdraw', amount: 1 + Math.floor(random() * 900) })
    }
    clock.after(40, beat)
  }
  beat()
  return () => {
    open = false
  }
}
