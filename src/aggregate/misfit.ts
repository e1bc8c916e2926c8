import type { Issue } from '../errors.ts'

/** Something does not fit the machine or its schemas; whoever knows the command or the stream says so to people. */
export class Misfit extends Error {
  /** Where: an event type, then the keys of its payload. */
  readonly path: string
  constructor(path: string, reason: string) {
    super(reason)
    this.name = 'Misfit'
    this.path = path
  }
}

/** A misfit of the payload of an event. */
export function payloadMisfit(type: string, issues: readonly Issue[]): Misfit {
  const [first] = issues
  const path = first === undefined ? type : [type, ...first.path].join('.')
  const list = issues.map(
    (issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ` : '') + issue.message,
  )
  return new Misfit(path, `the payload of '${type}' does not fit its schema: ${list.join('; ')}.`)
}
