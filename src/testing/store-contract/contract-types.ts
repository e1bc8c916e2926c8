import type { Runtime } from '../../runtime.ts'
import type { StoreProvider } from '../../store/event-store.ts'

/** What the contract needs of a test runner; vitest, jest, mocha and `node:test` have it. */
export interface TestRunner {
  readonly describe: (name: string, body: () => void) => unknown
  readonly it: ((name: string, body: () => Promise<void>) => unknown) & {
    readonly skip: (name: string, body: () => Promise<void>) => unknown
  }
}

/** The store of one test. */
export interface StoreUnderTest {
  readonly provider: StoreProvider
  /**
   * A provider of its own over the same data, as another process, or this one after a crash, would make it.
   * Default: the same provider again.
   */
  readonly again?: () => StoreProvider
  /**
   * Holds back the verdicts of one stream until the returned function is called, where the store has a way to do it.
   */
  readonly withhold?: (stream: string) => () => void
  readonly dispose?: () => Promise<void>
}

export interface StoreContractOptions {
  readonly runner: TestRunner
  /** Does the data outlive its provider? `volatile`: only all of its handles. */
  readonly reopen: 'durable' | 'volatile'
  /** `shared`: others write to the same log, too. Default: `own`. */
  readonly log?: 'own' | 'shared'
  /** Are the events of the following system left out as `exceptSystem` asks? Default: `honoured`. */
  readonly exceptSystem?: 'honoured' | 'ignored'
  /**
   * What is answered to an append that is sent while its first send is under way? `mayBeUnknown`: a replicated store
   * may leave it open. Default: `written`, to both.
   */
  readonly repeatUnderWay?: 'written' | 'mayBeUnknown'
  /** Can `withhold` be asked for? Default: `cannot`. */
  readonly withheldVerdicts?: 'can' | 'cannot'
  /** Events of the long stream. Default: 100,000. */
  readonly longStream?: number
  /** Default: that of this machine. */
  readonly runtime?: Runtime
}
