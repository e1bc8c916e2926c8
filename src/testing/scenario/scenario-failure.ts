/**
 * A scenario did not go as it says. `actual` and `expected` are plain data, so that vitest, jest and node:test show
 * a diff.
 */
export class ScenarioFailure extends Error {
  readonly actual: unknown
  readonly expected: unknown
  constructor(message: string, comparison?: { readonly actual: unknown; readonly expected: unknown }) {
    super(message)
    this.name = 'ScenarioFailure'
    if (comparison === undefined) return
    this.actual = comparison.actual
    this.expected = comparison.expected
  }
}
