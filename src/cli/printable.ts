/**
 * Characters that a terminal takes for orders, or that turn the reading direction round. Stored text is somebody
 * else's: shown as it is, it could move the cursor or hide a line.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** Text on one line that does nothing but show itself; JSON stays the same JSON. */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** A value as JSON on one line. */
export function jsonLine(value: unknown): string {
  return printable(JSON.stringify(value))
}

/** A value as JSON on several lines, for reading. */
export function jsonBlock(value: unknown): string {
  return JSON.stringify(value, undefined, 2).split('\n').map(printable).join('\n')
}

export function isoTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString()
}
