export { checkSource, type SourceFinding } from './check-source.ts'
export { inspectWithStately, type StatelyInspection, type StatelyOptions } from './inspect-with-stately.ts'
export type { ShownKind } from './sanitize.ts'
