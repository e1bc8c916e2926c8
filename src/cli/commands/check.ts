import type { SourceFinding } from '../../stately/source-finding.ts'
import type { CommandContext, CommonOptions } from '../context.ts'
import { CommandFailed, exitCodes, notFound } from '../failure.ts'
import { jsonLine, printable } from '../printable.ts'
import type { Terminal } from '../terminal.ts'

/** Lists what Stately's importers would lose of source files. Runs none of them. */
export async function check(
  files: readonly string[],
  { json }: CommonOptions,
  { terminal }: CommandContext,
): Promise<void> {
  let warnings = 0
  let notes = 0
  for (const file of files) {
    for (const finding of await findingsOf(file)) {
      if (finding.severity === 'warning') warnings++
      else notes++
      if (json) await terminal.line(jsonLine(finding))
      else await print(terminal, finding)
    }
  }
  const sum = `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${notes} ${notes === 1 ? 'note' : 'notes'}`
  if (warnings > 0)
    throw new CommandFailed(exitCodes.failed, `Stately's importers would lose something: ${sum}.`)
  if (!json) terminal.note(`Stately's importers read all of it: ${sum}.`)
}

async function findingsOf(file: string): Promise<readonly SourceFinding[]> {
  // Its parser is needed by no other command.
  const { checkSource } = await import('../../stately/check-source.ts')
  try {
    return await checkSource(file)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if ('code' in error && error.code === 'ENOENT') throw notFound(`There is no file '${file}'.`)
    throw new CommandFailed(exitCodes.failed, `'${file}' cannot be checked: ${error.message}`, error)
  }
}

async function print(terminal: Terminal, finding: SourceFinding): Promise<void> {
  const { severity, rule, file, line, path, message, mend } = finding
  await terminal.line(terminal.bold(printable(`${file}:${line}  ${severity}  ${path}  (${rule})`)))
  await terminal.line(printable(`  ${message}`))
  await terminal.line(terminal.dim(printable(`  Mend: ${mend}`)))
}
