import type { Finding } from '../../errors.ts'
import type { Chart } from '../../machine/chart.ts'
import type { PayloadSchema } from '../schemas.ts'
import type { Site } from './sites.ts'

/** What the rules of the checker look at. */
export interface Subject {
  readonly name: string
  readonly chart: Chart
  readonly sites: readonly Site[]
  readonly commands: ReadonlyMap<string, PayloadSchema>
  readonly events: ReadonlyMap<string, PayloadSchema>
  readonly rejections: ReadonlyMap<string, string>
  readonly schemaVersion: number
}

/** One rule, or a few that look at the same thing. */
export type Rule = (subject: Subject) => readonly Finding[]

type Make = (rule: string, path: string, message: string, mend: string) => Finding

const finding =
  (severity: Finding['severity']): Make =>
  (rule, path, message, mend) => ({ severity, rule, path, message, mend })

export const error: Make = finding('error')
export const warning: Make = finding('warning')
export const note: Make = finding('note')
