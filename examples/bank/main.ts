import { ReenactError } from 'reenact'
import { readArguments, UsageError, usage } from './arguments.ts'
import { type BankResult, runBank } from './bank.ts'
import { bankConsole } from './bank-console.ts'
import { bankStore } from './bank-store.ts'
import { forget } from './fresh-start.ts'
import { StatementError } from './statement.ts'

const exitCodes: Readonly<Record<BankResult, number>> = { agreed: 0, parted: 1, interrupted: 130 }
const wrongUsage = 2

/** The first signal ends the import in good order, the second one at once: nothing acknowledged is lost by either. */
function stopOnSignal(): AbortSignal {
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Not process.exit: lmdb may hang in it for ever while a transaction is under way (kriszyp/lmdb-js#336).
      if (stopping.signal.aborted) process.kill(process.pid, 'SIGKILL')
      stopping.abort()
    })
  }
  return stopping.signal
}

async function main(): Promise<number> {
  const given = readArguments(process.argv.slice(2))
  if (given === 'help') {
    process.stdout.write(usage)
    return 0
  }
  const signal = stopOnSignal()
  const { provider, durability } = await bankStore(given.store)
  if (given.start === 'fresh') await forget(given.store)
  const options = {
    file: given.file,
    outstanding: given.outstanding,
    store: provider,
    durability,
    output: process.stdout,
    signal,
    ...(given.pace === undefined ? {} : { pace: given.pace }),
  }
  if (given.console === undefined) return exitCodes[await runBank(options)]
  const onlooker = await bankConsole(given.console, signal)
  process.stdout.write(`The console is at ${onlooker.url} until Ctrl-C.\n`)
  try {
    return exitCodes[await runBank({ ...options, onlooker })]
  } finally {
    await onlooker.close()
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\n\n${usage}`)
    process.exitCode = wrongUsage
  } else if (error instanceof StatementError || error instanceof ReenactError) {
    process.stderr.write(`${error.message}\n`)
    process.exitCode = 1
  } else throw error
}
