export { checkSource } from './check-source.ts'
export { inspectWithStately, type StatelyInspection, type StatelyOptions } from './inspect-with-stately.ts'
export type { ShownKind } from './sanitize.ts'
export type { SourceFinding } from './source-finding.ts'
