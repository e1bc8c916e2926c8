import type { DiagramNode, DiagramStep } from '../graph.ts'
import { textWidth } from './text-width.ts'

/** How a piece of text looks. */
export type Tone = 'title' | 'plain' | 'guard' | 'effect' | 'rejection' | 'muted'

export interface Piece {
  readonly text: string
  readonly tone: Tone
}

/** One line as it is drawn. */
export interface TextLine {
  readonly pieces: readonly Piece[]
  readonly width: number
}

export const fontSize = 13
export const lineHeight = 18
const widest = 250

/** The label of a step, in lines. */
export function stepLines(step: DiagramStep): readonly TextLine[] {
  const effect = step.kind === 'rejection' ? 'rejection' : 'effect'
  const sign = step.kind === 'rejection' ? '✗' : '/'
  return wrapped([
    { text: step.trigger, tone: step.kind === 'transition' || step.kind === 'rejection' ? 'plain' : 'muted' },
    ...(step.guard === null ? [] : [{ text: `[${step.guard}]`, tone: 'guard' as const }]),
    ...(step.effects.length === 0
      ? []
      : [{ text: `${sign} ${step.effects.join(', ')}`, tone: effect } as const]),
    ...(step.description === null ? [] : [{ text: `(${step.description})`, tone: 'muted' as const }]),
  ])
}

export function titleLines(node: DiagramNode): readonly TextLine[] {
  return wrapped([{ text: node.label, tone: 'title' }])
}

/** What stands in a state, below its name. */
export function innerLines(node: DiagramNode): readonly TextLine[] {
  const muted = (text: string): readonly TextLine[] => wrapped([{ text, tone: 'muted' }])
  return [
    ...(node.description === null ? [] : muted(node.description)),
    ...(node.tags.length === 0 ? [] : muted(`tags: ${node.tags.join(', ')}`)),
    ...node.entry.flatMap((action) => muted(`entry / ${action}`)),
    ...node.exit.flatMap((action) => muted(`exit / ${action}`)),
    ...node.inner.flatMap(stepLines),
  ]
}

export function blockWidth(lines: readonly TextLine[]): number {
  return Math.max(0, ...lines.map(({ width }) => width))
}

/** Breaks between words, and within a word that alone is too long. */
function wrapped(pieces: readonly Piece[]): readonly TextLine[] {
  const words = pieces.flatMap(({ text, tone }) =>
    text
      .split(/\s+/)
      .filter((word) => word !== '')
      .flatMap((word) => chunksOf(word, tone).map((chunk) => ({ text: chunk, tone }))),
  )
  const lines: Piece[][] = []
  for (const word of words) {
    const line = lines.at(-1)
    if (line !== undefined && widthOf([...line, word]) <= widest) line.push(word)
    else lines.push([word])
  }
  return lines.map((line) => ({ pieces: joined(line), width: widthOf(line) }))
}

function chunksOf(word: string, tone: Tone): readonly string[] {
  const chunks: string[] = []
  for (const character of word) {
    const chunk = chunks.at(-1)
    if (chunk !== undefined && widthOf([{ text: chunk + character, tone }]) <= widest) {
      chunks[chunks.length - 1] = chunk + character
    } else chunks.push(character)
  }
  return chunks
}

function widthOf(words: readonly Piece[]): number {
  const weight = words[0]?.tone === 'title' ? 'bold' : 'normal'
  return Math.ceil(textWidth(words.map(({ text }) => text).join(' '), fontSize, weight))
}

/** Words of one tone become one piece; a space leads each that follows another. */
function joined(words: readonly Piece[]): readonly Piece[] {
  const pieces: Piece[] = []
  for (const { text, tone } of words) {
    const last = pieces.at(-1)
    if (last?.tone === tone) pieces[pieces.length - 1] = { tone, text: `${last.text} ${text}` }
    else pieces.push({ tone, text: last === undefined ? text : ` ${text}` })
  }
  return pieces
}
