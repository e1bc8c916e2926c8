import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import type { File, Node, ObjectExpression } from '@babel/types'
import type { SourceFinding } from './source-finding.ts'
import { findingsOf } from './source-machine.ts'

/**
 * Reads a source file as Stately's editor and importers do: they run nothing, they read what is written in
 * `createMachine({...})`. Lists what they would lose, by line.
 * @param path of a TypeScript or JavaScript file.
 * @throws the error of the file system where it cannot be read, SyntaxError where it is no such source.
 */
export async function checkSource(path: string): Promise<readonly SourceFinding[]> {
  const { parse } = await import('@babel/parser')
  const jsx = /x$/.test(extname(path)) ? (['jsx'] as const) : []
  const file = parse(await readFile(path, 'utf8'), {
    sourceType: 'module',
    plugins: ['typescript', 'decorators-legacy', ...jsx],
  }) as unknown as File
  const constants = constantsOf(file)
  const found: SourceFinding[] = []
  visit(file, (node) => {
    const config = configOf(node)
    if (config === undefined) return
    for (const { node: at, ...finding } of findingsOf(config, constants)) {
      const { line, column } = at.loc?.start ?? { line: 1, column: 0 }
      found.push({ ...finding, file: path, line, column: column + 1 })
    }
  })
  return found.toSorted((one, other) => one.line - other.line || one.column - other.column)
}

/** What `createMachine` is called with. */
function configOf(node: Node): Node | undefined {
  if (node.type !== 'CallExpression') return undefined
  const { callee } = node
  const called = callee.type === 'MemberExpression' ? callee.property : callee
  return called.type === 'Identifier' && called.name === 'createMachine' ? node.arguments[0] : undefined
}

/** Objects that the file itself names at its top: the importers find these. */
function constantsOf(file: File): ReadonlyMap<string, ObjectExpression> {
  const constants = new Map<string, ObjectExpression>()
  for (const statement of file.program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
    if (declared?.type !== 'VariableDeclaration') continue
    for (const { id, init } of declared.declarations) {
      if (id.type === 'Identifier' && init?.type === 'ObjectExpression') constants.set(id.name, init)
    }
  }
  return constants
}

function visit(node: Node, see: (node: Node) => void): void {
  see(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node, see)
    }
  }
}
