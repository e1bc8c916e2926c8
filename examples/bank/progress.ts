import type { Writable } from 'node:stream'
import { Presets, SingleBar } from 'cli-progress'

/** Where the bank writes to: a terminal, or a file, a pipe, a test. */
export type Output = Writable & { readonly isTTY?: boolean }

export interface ProgressDisplay {
  update(rows: number, commandsPerSecond: number): void
  stop(): void
}

/** A bar where somebody looks at a terminal, else a line for each tenth of the way. */
export function progressDisplay(total: number, output: Output): ProgressDisplay {
  return output.isTTY === true ? bar(total, output) : lines(total, output)
}

function bar(total: number, stream: Output): ProgressDisplay {
  const shown = new SingleBar(
    {
      stream,
      barsize: 28,
      format: '  {bar} {percentage}%  {value}/{total} rows  {rate} commands/s',
      hideCursor: true,
      // Ctrl-C is the bank's: it ends the import and the bar with it.
      gracefulExit: false,
    },
    Presets.shades_classic,
  )
  shown.start(total, 0, { rate: '-' })
  return {
    update: (rows, rate) => shown.update(rows, { rate: perSecond(rate) }),
    stop: () => shown.stop(),
  }
}

function lines(total: number, output: Output): ProgressDisplay {
  let tenths = 0
  return {
    update(rows, rate) {
      const reached = Math.floor((rows / total) * 10)
      if (reached === tenths) return
      tenths = reached
      output.write(`  ${count(rows)} of ${counted(total, 'row')}, ${perSecond(rate)} commands/s\n`)
    },
    stop: () => undefined,
  }
}

export const count = (value: number): string => value.toLocaleString('en')

/** For people: `1 row`, `20,000 rows`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`

export const perSecond = (rate: number): string => count(Math.round(rate))
