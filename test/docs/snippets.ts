import { readdirSync, readFileSync } from 'node:fs'

/** A piece of TypeScript on a page, and where it is cut from. */
export interface Snippet {
  readonly page: string
  readonly line: number
  /** `path#region`, or `path` for a whole file; `undefined`: the fence has no marker above it. */
  readonly source: string | undefined
  readonly code: string
}

const fence = /(?:<!-- snippet: (\S+) -->\n)?^```(?:ts|typescript)\n([\s\S]*?)^```$/gm

/** The pages that people read, by their paths from the root of the repository. */
export function pages(): readonly string[] {
  const docs = readdirSync('docs').filter((name) => name.endsWith('.md'))
  return ['README.md', ...docs.map((name) => `docs/${name}`)]
}

export function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(page, 'utf8')
  return Array.from(text.matchAll(fence), (found) => ({
    page,
    line: text.slice(0, found.index).split('\n').length,
    source: found[1],
    code: found[2] ?? '',
  }))
}

/** Puts the code of today into every marked fence of the page. */
export function renewed(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(fence, (whole, source: string | undefined) =>
    source === undefined ? whole : `<!-- snippet: ${source} -->\n\`\`\`ts\n${codeOf(source)}\`\`\``,
  )
}

/**
 * What stands between `// #region name` and `// #endregion name` of the file, moved to the left margin.
 * @throws where the file has no such region.
 */
export function codeOf(source: string): string {
  const [path = '', region] = source.split('#')
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  if (region === undefined) return dedented(lines)
  const first = lines.findIndex((line) => line.trim() === `// #region ${region}`)
  const last = lines.findIndex((line) => line.trim() === `// #endregion ${region}`)
  if (first < 0 || last < first) throw new Error(`${path} has no region '${region}'.`)
  return dedented(lines.slice(first + 1, last))
}

function dedented(lines: readonly string[]): string {
  const kept = lines.filter((line) => !/^\s*\/\/ #(end)?region /.test(line))
  const indents = kept.filter((line) => line.trim() !== '').map((line) => line.search(/\S/))
  const margin = Math.min(...indents)
  return `${kept.map((line) => line.slice(margin)).join('\n')}\n`
}
