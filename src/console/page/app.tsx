import type { ComponentChild } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { SystemInfo } from '../wire.ts'
import { ask } from './ask.ts'
import { connection, samples } from './live.ts'
import { AggregatePage } from './pages/aggregate-page.tsx'
import { AggregatesPage } from './pages/aggregates-page.tsx'
import { LogPage } from './pages/log-page.tsx'
import { OverviewPage } from './pages/overview-page.tsx'
import { TroublePage } from './pages/trouble-page.tsx'
import { Notice } from './parts/notice.tsx'
import { addressOfRoute, type Route, route } from './route.ts'
import { useShared } from './shared.ts'

const pages = [
  { page: 'overview', label: 'Overview' },
  { page: 'aggregates', label: 'Aggregates' },
  { page: 'log', label: 'Log' },
  { page: 'trouble', label: 'Trouble' },
] as const

export function App() {
  const here = useShared(route)
  const system = useSystem()
  const main = useRef<HTMLElement>(null)
  const key = here.page === 'aggregate' ? JSON.stringify([here.aggregate, here.id]) : here.page
  const first = useRef(true)
  // Who reads by ear or keyboard begins where the new page begins.
  useEffect(() => {
    scrollTo(0, 0)
    if (!first.current) main.current?.focus({ preventScroll: true })
    first.current = false
  }, [key])
  return (
    <>
      <a class="skip" href={addressOfRoute(here)} onClick={(event) => skip(event, main.current)}>
        Skip to the content
      </a>
      <Bar here={here} />
      <main ref={main} tabIndex={-1} key={key}>
        {typeof system === 'string' ? <Notice tone="bad">{system}</Notice> : null}
        {typeof system === 'object' ? shown(here, system) : null}
      </main>
      <footer class="foot">
        <span>{typeof system === 'object' ? `store: ${system.store}` : ''}</span>
        <a href="licences.txt">licences</a>
      </footer>
    </>
  )
}

function skip(event: Event, main: HTMLElement | null): void {
  event.preventDefault()
  main?.focus()
}

function shown(here: Route, system: SystemInfo): ComponentChild {
  switch (here.page) {
    case 'overview':
      return <OverviewPage />
    case 'aggregates':
      return <AggregatesPage system={system} />
    case 'aggregate':
      return system.definitions.some(({ name }) => name === here.aggregate) ? (
        <AggregatePage {...here} />
      ) : (
        <Notice tone="bad">This system does not run an aggregate '{here.aggregate}'.</Notice>
      )
    case 'log':
      return <LogPage system={system} />
    case 'trouble':
      return <TroublePage />
  }
}

/** What runs; a message where that is not known. Asked again when the server is back, as it may be another system. */
function useSystem(): SystemInfo | string | undefined {
  const [system, setSystem] = useState<SystemInfo | string>()
  useEffect(() => {
    const load = (): void => {
      ask<SystemInfo>('system').then(setSystem, ({ message }: Error) =>
        setSystem((known) => (typeof known === 'object' ? known : message)),
      )
    }
    load()
    return connection.listen((state) => {
      if (state === 'open') load()
    })
  }, [])
  return system
}

function Bar({ here }: { readonly here: Route }) {
  const quarantined = useShared(samples).at(-1)?.quarantined ?? 0
  const current = here.page === 'aggregate' ? 'aggregates' : here.page
  return (
    <header class="bar">
      <a class="brand" href="#/">
        Reenact
      </a>
      <nav aria-label="Pages">
        {pages.map(({ page, label }) => (
          <a key={page} href={addressOfRoute({ page })} aria-current={page === current ? 'page' : undefined}>
            {label}
            {page === 'trouble' && quarantined > 0 ? (
              <span class="count" title="aggregates in quarantine">
                {quarantined}
              </span>
            ) : null}
          </a>
        ))}
      </nav>
      <ConnectionMark />
    </header>
  )
}

const connectionTexts = {
  connecting: 'connecting',
  open: 'live',
  lost: 'reconnecting',
  paused: 'paused',
} as const

function ConnectionMark() {
  const state = useShared(connection)
  return (
    <span class={`connection ${state}`} role="status">
      {connectionTexts[state]}
    </span>
  )
}
