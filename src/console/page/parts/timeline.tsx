import type { Step } from '../../wire.ts'
import { number } from '../format.ts'
import { When } from './event-row.tsx'

interface TimelineProps {
  readonly step: Step | undefined
  readonly revision: number
  readonly head: number
  /** It goes along when the aggregate moves on. */
  readonly follows: boolean
  /** `undefined`: to the newest, and stay there. */
  readonly onTravel: (revision: number | undefined) => void
}

/** Travels through the revisions of an aggregate. */
export function Timeline({ step, revision, head, follows, onTravel }: TimelineProps) {
  const event = step?.event ?? null
  return (
    <section class="card timeline" aria-label="Time travel">
      <div class="travel">
        <button
          type="button"
          aria-label="One event back"
          disabled={revision <= -1}
          onClick={() => onTravel(revision - 1)}
        >
          ‹
        </button>
        <input
          type="range"
          aria-label="Revision"
          aria-valuetext={`revision ${revision} of ${head}${event === null ? '' : `, ${event.type}`}`}
          min={-1}
          max={Math.max(head, revision)}
          value={revision}
          onInput={({ currentTarget }) => onTravel(Number(currentTarget.value))}
        />
        <button
          type="button"
          aria-label="One event on"
          disabled={revision >= head}
          onClick={() => onTravel(revision + 1)}
        >
          ›
        </button>
        <button type="button" class="now" aria-pressed={follows} onClick={() => onTravel(undefined)}>
          Now
        </button>
      </div>
      <p class="where">
        <b>
          Revision {number(revision)} <span class="soft">of {number(head)}</span>
        </b>
        {revision < 0 ? <span class="soft">before any event</span> : null}
        {event === null ? null : (
          <>
            <span class="event-type">{event.type}</span> <When at={event.recordedAt} />
          </>
        )}
      </p>
    </section>
  )
}
