/** What leaves the process: commands and domain events with their `type`, and the context. */
export type ShownKind = 'command' | 'event' | 'context'

export type Sanitize = <Value>(kind: ShownKind, aggregate: string, value: Value) => Value

/**
 * Takes out what must not leave the process, on a copy. Where that fails nothing but the type is shown: a mistake
 * here must not tell what it was meant to hide.
 */
export function sanitizing(
  sanitize: ((kind: ShownKind, aggregate: string, value: unknown) => unknown) | undefined,
): Sanitize {
  if (sanitize === undefined) return (_, __, value) => value
  return (kind, aggregate, value) => {
    const type = (value as { readonly type?: unknown }).type
    const named = kind === 'context' ? {} : { type }
    try {
      const shown = sanitize(kind, aggregate, structuredClone(value))
      const isObject = typeof shown === 'object' && shown !== null
      return (isObject ? { ...shown, ...named } : named) as typeof value
    } catch {
      return named as typeof value
    }
  }
}
