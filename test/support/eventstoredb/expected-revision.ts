import type { ExpectedRevision } from './append-rules.ts'

/** The expected revision of a request, with what an answer says of it again. */
export interface Expectation {
  readonly expected: ExpectedRevision
  /** The exact revision as it was asked for: it may be larger than a number of JavaScript holds. */
  readonly text: string
}

const noStream = 2n ** 64n - 1n

/** An exact revision. Throws what the server says of one that no stream can have. */
export function exactly(text: string): Expectation {
  const revision = BigInt(text)
  if (revision === noStream) return { expected: 'no_stream', text: '' }
  if (revision >= 2n ** 63n) {
    throw new Error("Specified argument was out of the range of valid values. (Parameter 'value')")
  }
  return { expected: Number(revision), text }
}

interface ExpectationFields {
  hasAny(): boolean
  hasNoStream(): boolean
  hasStreamExists(): boolean
}

/** Reads what every request but BatchAppend says in the same words; `undefined` where it says nothing. */
export function readExpectation(
  options: ExpectationFields & { hasRevision(): boolean; getRevision(): string },
): Expectation | undefined {
  return options.hasRevision() ? exactly(options.getRevision()) : namedExpectation(options)
}

export function namedExpectation(options: ExpectationFields): Expectation | undefined {
  if (options.hasAny()) return { expected: 'any', text: '' }
  if (options.hasNoStream()) return { expected: 'no_stream', text: '' }
  if (options.hasStreamExists()) return { expected: 'stream_exists', text: '' }
  return undefined
}

/** As the errors of Delete and Tombstone number it. */
export function expectationNumber({ expected, text }: Expectation): string {
  switch (expected) {
    case 'any':
      return '-2'
    case 'no_stream':
      return '-1'
    case 'stream_exists':
      return '-4'
    default:
      return text
  }
}
