import type { Finding } from '../../errors.ts'
import { note, type Subject, warning } from './subject.ts'

/** Stately's tools read names; what is written inline is lost there. */
export function inlineFunctions({ sites }: Subject): readonly Finding[] {
  const mend = 'name it in setup(), so that diagrams and editors can show it'
  return sites.flatMap((site) => {
    const guard = site.candidate?.guard
    return [
      ...(guard !== undefined && !('name' in guard)
        ? [warning('inline-guard', site.path, 'a guard is written inline', mend)]
        : []),
      ...site.actions
        .filter(({ kind, name }) => name === undefined && (kind === 'emit' || kind === 'assign'))
        .map(({ kind }) => warning(`inline-${kind}`, site.path, `an ${kind} is written inline`, mend)),
    ]
  })
}

export function computedParams({ sites }: Subject): readonly Finding[] {
  return sites.flatMap((site) =>
    site.actions
      .filter(({ params }) => params.kind === 'computed')
      .map(({ name }) =>
        note(
          'computed-params',
          site.path,
          `the params of '${name}' are a function, which Stately's editor drops when it saves`,
          'keep the source as it is when you edit visually',
        ),
      ),
  )
}
