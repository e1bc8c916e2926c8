import { afterAll, beforeAll, describe, it } from 'vitest'
import { DoubleProcess } from './double-process.ts'

/** The real server that is named for the tests, if there is one. Others may use it. */
export const namedServer: string | undefined = process.env['REENACT_ESDB_URL']

/** Says once in the place of each suite that it ran on no real server. */
export function leaveOutNamedServer(suite: string): void {
  it.skip(`${suite}, on a real server [REENACT_ESDB_URL is not set]`)
}

/** `named`: others may use it, and how busy it is nobody knows. */
export type ServerKind = 'double' | 'named'

/**
 * Registers a suite for the double in a process of its own, and for the server of `REENACT_ESDB_URL` where it is set.
 * On that one it must keep to names that nobody used before.
 * @param tests gets where the server is, to be asked within tests and hooks.
 */
export function onEachServer(
  suite: string,
  tests: (connectionString: () => string, kind: ServerKind) => void,
): void {
  describe(`${suite}, on the double in a process of its own`, () => {
    let double: DoubleProcess
    beforeAll(async () => {
      double = await DoubleProcess.start()
    })
    afterAll(() => double.end())
    tests(() => double.connectionString, 'double')
  })
  if (namedServer === undefined) leaveOutNamedServer(suite)
  else describe(`${suite}, on the server of REENACT_ESDB_URL`, () => tests(() => namedServer ?? '', 'named'))
}
