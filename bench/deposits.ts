import type { Engine } from 'reenact'
import type { StoreName } from './accounts.ts'
import type { Load } from './load.ts'
import { outputOf } from './program.ts'

/** Deposits on open accounts: each one command with one event, from the first ask to the last outcome. */
export interface Deposits extends Load {
  readonly engine: Engine['kind']
  readonly store: StoreName
  readonly aggregates: number
}

/** Commands a second, once warm, in a process of their own. */
export const depositsPerSecond = (deposits: Deposits): Promise<number> => outputOf('deposits.ts', deposits)

/** The same by the parts of the runtime alone: see `bare-parts.ts`. */
export const barePartsPerSecond = (deposits: Deposits): Promise<number> => outputOf('bare-parts.ts', deposits)
