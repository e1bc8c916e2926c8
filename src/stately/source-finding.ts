/** One thing that Stately's importers would lose of a source file. */
export interface SourceFinding {
  /** `warning`: it is lost, or shown without its name; `note`: worth knowing when the editor saves. */
  readonly severity: 'warning' | 'note'
  /** For example `state-helper`. */
  readonly rule: string
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly column: number
  /** Where in the machine: `account.open.on.Deposit`. */
  readonly path: string
  readonly message: string
  readonly mend: string
}
