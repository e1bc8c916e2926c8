import type { DiagramGraph } from '../graph.ts'
import { boxPadding, type Layout, layOut, type PlacedArrow, type PlacedBox } from './layout.ts'
import { style } from './style.ts'
import { lineHeight, type TextLine } from './text-block.ts'

/**
 * - `file`: it needs nothing else: no font, no script, no other file.
 * - `page`: part of a page that brings the styles (a strict page allows none within) and lights states: the boxes of
 *   a state carry its id in `data-state`.
 */
export type SvgUse = 'file' | 'page'

/** A diagram as an SVG. */
export async function svgOf(graph: DiagramGraph, use: SvgUse = 'file'): Promise<string> {
  return draw(graph, await layOut(graph), use)
}

function draw(graph: DiagramGraph, { width, height, boxes, arrows }: Layout, use: SvgUse): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="reenact" role="img" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<title>${escaped(graph.name)}</title>`,
    `<desc>${escaped(inWords(graph))}</desc>`,
    ...(use === 'file' ? [`<style>${style}</style>`] : []),
    `<rect class="paper" width="${width}" height="${height}"/>`,
    ...boxes.flatMap((box) => drawBox(box, use)),
    ...arrows.flatMap(drawArrow),
    // Last, so that an arrow into a nested state passes behind what is written on its way.
    ...boxes.flatMap(drawTexts),
    ...arrows.flatMap(drawLabel),
    '</svg>\n',
  ].join('\n')
}

/** For those who hear the picture. */
function inWords({ nodes, edges }: DiagramGraph): string {
  const labels = new Map(nodes.map(({ id, label }) => [id, label]))
  return [
    ...edges.map(({ source, target, label }) => `${labels.get(source)} to ${labels.get(target)}: ${label}.`),
    ...nodes.flatMap(({ label: state, inner }) => inner.map(({ label }) => `In ${state}: ${label}.`)),
  ].join(' ')
}

function drawBox(box: PlacedBox, use: SvgUse): readonly string[] {
  const { id, x, y, width, height, shape, title, inner } = box
  if (shape === 'dot' || shape === 'history') {
    const [middleX, middleY] = [round(x + width / 2), round(y + height / 2)]
    return [`<circle class="${shape}" cx="${middleX}" cy="${middleY}" r="${round(width / 2)}"/>`]
  }
  const textHeight = (title.length + inner.length) * lineHeight + boxPadding + 4
  const looks = shape === 'state' && height > textHeight + 1 ? 'group' : shape
  const name = use === 'page' ? ` data-state="${escaped(id)}"` : ''
  const rule = `<path class="rule" d="M${round(x)} ${round(y + title.length * lineHeight + 8)}h${round(width)}"/>`
  return [
    rectangle(looks, box, 0, name),
    ...(shape === 'final' ? [rectangle('ring', box, 3, name)] : []),
    ...(inner.length > 0 ? [rule] : []),
  ]
}

function drawTexts({ x, y, width, height, shape, title, inner }: PlacedBox): readonly string[] {
  if (shape === 'history') {
    return title.map((line) => drawLine(line, x + (width - line.width) / 2, y + height / 2 + 4.5))
  }
  return [...title, ...inner].map((line, index) =>
    drawLine(line, x + boxPadding, y + 20 + index * lineHeight + (index < title.length ? 0 : 3)),
  )
}

function rectangle(looks: string, { x, y, width, height }: PlacedBox, inset: number, name: string): string {
  const [across, down] = [round(width - 2 * inset), round(height - 2 * inset)]
  return `<rect class="${looks}"${name} x="${round(x + inset)}" y="${round(y + inset)}" width="${across}" height="${down}" rx="${8 - inset}"/>`
}

const tip = 8

function drawArrow({ points, edge }: PlacedArrow): readonly string[] {
  const end = points.at(-1)
  const before = points.at(-2)
  if (end === undefined || before === undefined) return []
  const length = Math.hypot(end.x - before.x, end.y - before.y) || 1
  const [alongX, alongY] = [(end.x - before.x) / length, (end.y - before.y) / length]
  const [backX, backY] = [end.x - alongX * tip, end.y - alongY * tip]
  const [asideX, asideY] = [(-alongY * tip) / 2, (alongX * tip) / 2]
  const path = [...points.slice(0, -1), { x: backX, y: backY }]
    .map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`)
    .join('')
  const corners = `${round(end.x)} ${round(end.y)},${round(backX + asideX)} ${round(backY + asideY)},${round(backX - asideX)} ${round(backY - asideY)}`
  return [
    `<path class="arrow${edge === undefined ? '' : ` ${edge.kind}`}" d="${path}"/>`,
    `<polygon class="tip" points="${corners}"/>`,
  ]
}

function drawLabel({ label }: PlacedArrow): readonly string[] {
  if (label === undefined) return []
  return label.lines.map((line, index) => drawLine(line, label.x, label.y + 13 + index * lineHeight))
}

function drawLine({ pieces, width }: TextLine, x: number, y: number): string {
  const spans = pieces.map(({ text, tone }) => `<tspan class="${tone}">${escaped(text)}</tspan>`).join('')
  return `<text x="${round(x)}" y="${round(y)}" textLength="${width}" lengthAdjust="spacingAndGlyphs">${spans}</text>`
}

const round = (value: number): number => Math.round(value * 10) / 10

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Also without the characters that XML cannot hold at all. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\u{FFFD}')
    .replaceAll(/[&<>"]/g, (character) => entities[character] ?? character)
}
