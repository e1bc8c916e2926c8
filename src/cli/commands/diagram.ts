import type { DiagramFormat, DiagramView } from '../../diagram/index.ts'
import type { CommandContext, CommonOptions } from '../context.ts'
import { definitionOf, definitionsOf } from '../definitions.ts'
import { wrongUsage } from '../failure.ts'

export interface DiagramCommandOptions extends CommonOptions {
  readonly definitions?: string
  readonly format: DiagramFormat
  readonly view: DiagramView
}

/** Draws a definition; without a name, the only one of the module. */
export async function drawDiagram(
  aggregate: string | undefined,
  { definitions: path, format, view, json }: DiagramCommandOptions,
  { terminal }: CommandContext,
): Promise<void> {
  const definitions = await definitionsOf(path)
  const [only, another] = definitions
  if (aggregate === undefined && another !== undefined) {
    throw wrongUsage(`Say which: ${definitions.map(({ name }) => name).join(', ')}.`)
  }
  const definition = definitionOf(definitions, aggregate ?? only?.name ?? '')
  // Its layout engine is large, and no other command needs it.
  const { diagram } = await import('../../diagram/index.ts')
  const drawn = await diagram(definition, { format: json ? 'json' : format, view })
  await terminal.line((typeof drawn === 'string' ? drawn : JSON.stringify(drawn)).trimEnd())
}
