import type { ComponentChildren } from 'preact'

interface BadgeProps {
  readonly tone?: 'plain' | 'lit' | 'bad' | 'busy'
  readonly title?: string
  readonly children: ComponentChildren
}

/** A word or two about a thing. */
export function Badge({ tone = 'plain', title, children }: BadgeProps) {
  return (
    <span class={`badge ${tone}`} title={title}>
      {children}
    </span>
  )
}

/** Where an aggregate is in its life; `null`: not in memory. */
export function PhaseBadge({ phase }: { readonly phase: string | null }) {
  if (phase === null) return <Badge title="not in memory: the next command loads it">at rest</Badge>
  if (phase === 'running') return <Badge>live</Badge>
  return <Badge tone={phase === 'quarantined' ? 'bad' : 'busy'}>{phase}</Badge>
}
