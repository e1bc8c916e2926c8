/** Of the characters from space to tilde in Helvetica, in thousandths of the font's size. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
]
const firstCode = 32
const otherLetter = 620
const wide = 1000

/**
 * How wide a text is, in pixels. Nobody can ask a font here, so the drawing tells the reader's font to be as wide as
 * this (`textLength`): no text leaves the room that was made for it, whatever the font.
 */
export function textWidth(text: string, size: number, weight: 'normal' | 'bold' = 'normal'): number {
  let thousandths = 0
  for (const character of text) thousandths += widthOf(character)
  return (thousandths / 1000) * size * (weight === 'bold' ? 1.08 : 1)
}

function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? firstCode
  const known = widths[code - firstCode]
  if (known !== undefined) return known
  if (/\p{Mark}/u.test(character)) return 0
  return code >= 0x1100 ? wide : otherLetter
}
