import { useEffect, useState } from 'preact/hooks'
import type { AggregateNow, Step } from '../../wire.ts'
import { ask } from '../ask.ts'
import { number, plural } from '../format.ts'
import { useLive } from '../live.ts'
import { Badge, PhaseBadge } from '../parts/badge.tsx'
import { Causation } from '../parts/causation.tsx'
import { ChangeList } from '../parts/change-list.tsx'
import { EventList } from '../parts/event-list.tsx'
import { JsonTree } from '../parts/json-tree.tsx'
import { MachineChart } from '../parts/machine-chart.tsx'
import { Notice } from '../parts/notice.tsx'
import { Timeline } from '../parts/timeline.tsx'
import { replaceRoute } from '../route.ts'

interface AggregatePageProps {
  readonly aggregate: string
  readonly id: string
  readonly revision: number | undefined
}

/** One aggregate: its machine and context, now or at a revision of its past, and how it came to it. */
export function AggregatePage({ aggregate, id, revision: asked }: AggregatePageProps) {
  const [now, setNow] = useState<AggregateNow>()
  useLive({ page: 'aggregate', aggregate, id }, { aggregate: setNow })
  const revision = asked ?? now?.revision
  const { step, failure } = useStep(aggregate, id, revision)
  const travel = (to: number | undefined): void =>
    replaceRoute({ page: 'aggregate', aggregate, id, revision: to })
  return (
    <>
      <Heading aggregate={aggregate} id={id} now={now} />
      {now?.quarantine ? <Notice tone="bad">{now.quarantine.message}</Notice> : null}
      <Timeline
        step={step}
        revision={revision ?? -1}
        head={now?.revision ?? -1}
        follows={asked === undefined}
        onTravel={travel}
      />
      <div class="two">
        <MachineChart aggregate={aggregate} lit={step?.after.lit ?? none} state={step?.after.text ?? '–'} />
        {failure === undefined ? <Facts step={step} /> : <Notice tone="bad">{failure}</Notice>}
      </div>
      <EventList
        aggregate={aggregate}
        id={id}
        head={now?.revision ?? -1}
        selected={revision ?? -1}
        onSelect={travel}
      />
    </>
  )
}

const none: readonly string[] = []

interface HeadingProps extends Pick<AggregatePageProps, 'aggregate' | 'id'> {
  readonly now: AggregateNow | undefined
}

function Heading({ aggregate, id, now }: HeadingProps) {
  return (
    <div class="heading">
      <h1>
        <span class="soft">{aggregate}</span> <bdi>{id}</bdi>
      </h1>
      <p class="badges">
        {now === undefined ? (
          <Badge>looking</Badge>
        ) : (
          <>
            <PhaseBadge phase={now.phase} />
            <Badge>{now.revision < 0 ? 'no events' : `revision ${number(now.revision)}`}</Badge>
            {now.phase === null ? null : (
              <Badge tone={now.depth > 0 ? 'busy' : 'plain'}>
                {plural(now.depth, 'command')} in the mailbox
              </Badge>
            )}
          </>
        )}
      </p>
    </div>
  )
}

function Facts({ step }: { readonly step: Step | undefined }) {
  const marked = new Set(step?.changes.map(({ path }) => JSON.stringify(path)))
  return (
    <div class="facts-column">
      <section class="card">
        <h2>Context</h2>
        {step === undefined ? <p class="soft">–</p> : <JsonTree value={step.after.context} marked={marked} />}
        {step === undefined || step.after.tags.length === 0 ? null : (
          <p class="badges">
            {step.after.tags.map((tag) => (
              <Badge key={tag}>{tag}</Badge>
            ))}
          </p>
        )}
      </section>
      <section class="card">
        <h2>What changed</h2>
        {step === undefined ? <p class="soft">–</p> : <ChangeList {...step} />}
      </section>
      {step?.event ? (
        <section class="card">
          <h2>
            Event <span class="event-type">{step.event.type}</span>
          </h2>
          <JsonTree value={JSON.parse(step.event.data)} />
          <Causation event={step.event} />
        </section>
      ) : null}
    </div>
  )
}

/** What stands at a revision. The last answer stays until the next one is there, so that nothing flickers. */
function useStep(aggregate: string, id: string, revision: number | undefined) {
  const [step, setStep] = useState<Step>()
  const [failure, setFailure] = useState<string>()
  useEffect(() => {
    if (revision === undefined) return undefined
    const gone = new AbortController()
    ask<Step>('step', { aggregate, id, revision }, gone.signal).then(
      (answer) => {
        setStep(answer)
        setFailure(undefined)
      },
      (error: Error) => {
        if (gone.signal.aborted) return
        setStep(undefined)
        setFailure(error.message)
      },
    )
    return () => gone.abort()
  }, [aggregate, id, revision])
  return { step, failure }
}
