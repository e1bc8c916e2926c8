/** The state of a fingerprint before any text. */
export const noText = 0x811c9dc5 | 0

/** Takes more text into the state of a fingerprint (FNV-1a over its UTF-16 units). */
export function withText(state: number, text: string): number {
  let hash = state
  for (let at = 0; at < text.length; at++) hash = withUnit(hash, text.charCodeAt(at))
  return hash
}

/** The same for one UTF-16 unit. */
export function withUnit(state: number, unit: number): number {
  return Math.imul(state ^ unit, 0x01000193)
}

/**
 * The fingerprint of the text that was taken in: a final mix, so that the low bits differ.
 * Signed: V8 keeps a larger integer in an object of its own.
 */
export function fingerprintFrom(state: number): number {
  const hash = Math.imul(state ^ (state >>> 16), 0x85ebca6b)
  return hash ^ (hash >>> 13)
}

/** A 32-bit fingerprint of a command id. */
export function fingerprintOf(commandId: string): number {
  return fingerprintFrom(withText(noText, commandId))
}
