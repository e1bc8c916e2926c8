import type { ComponentChildren } from 'preact'

interface NoticeProps {
  readonly tone?: 'plain' | 'bad'
  readonly children: ComponentChildren
}

/** A sentence in the place of something. */
export function Notice({ tone = 'plain', children }: NoticeProps) {
  return (
    <p class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      {children}
    </p>
  )
}
