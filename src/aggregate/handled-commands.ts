import type { Chart, ChartNode } from '../machine/chart.ts'

/** The nodes that are active in a state value of xstate: a key, or keys with the values below them. */
export function activeNodes(chart: Chart, value: unknown): readonly ChartNode[] {
  return [chart.root, ...below(chart.root, value)]
}

function below(node: ChartNode, value: unknown): readonly ChartNode[] {
  const inside: Readonly<Record<string, unknown>> =
    typeof value === 'string' ? { [value]: undefined } : ((value ?? {}) as Readonly<Record<string, unknown>>)
  return node.children
    .filter((child) => child.key in inside)
    .flatMap((child) => [child, ...below(child, inside[child.key])])
}

/** The commands that the active nodes of a state answer, in document order. */
export function handledCommands(
  chart: Chart,
  value: unknown,
  commands: ReadonlySet<string>,
): readonly string[] {
  const handled = activeNodes(chart, value).flatMap((node) => [...node.on.keys()])
  return [...new Set(handled)].filter((type) => commands.has(type))
}

/** A state value for people: `open`, `open.frozen`, `{ door: shut, light: off }`. */
export function stateText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const entries = Object.entries(value)
  const [only] = entries
  if (entries.length === 1 && only !== undefined) {
    const inside = stateText(only[1])
    return inside === '{}' ? only[0] : `${only[0]}.${inside}`
  }
  return entries.length === 0
    ? '{}'
    : `{ ${entries.map(([key, inside]) => `${key}: ${stateText(inside)}`).join(', ')} }`
}
