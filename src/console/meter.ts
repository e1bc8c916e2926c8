import type { Insight } from '../../actors/insight.ts'
import type { SystemMetrics } from '../../actors/system.ts'
import type { InspectionEvent, InspectionScope, Inspector } from '../inspection.ts'
import type { Timer } from '../runtime.ts'
import { Histogram } from './histogram.ts'
import type { Sample } from './wire.ts'

const periodMs = 1_000
/** Five minutes. */
const keptSamples = 300
/** Whoever turns from page to page must not tear a hole into the charts. */
const lingerMs = 5_000

/** What the meter needs of a system. */
export interface Measured {
  metrics(): SystemMetrics
  inspect(inspector: Inspector, scope?: InspectionScope): () => void
}

/**
 * Measures a system while somebody looks, and no longer: without readers it inspects nothing. What it keeps is
 * bounded: counts, one histogram, five minutes of samples.
 */
export class Meter {
  readonly #system: Measured
  readonly #clock: Insight['runtime']['clock']
  readonly #samples: Sample[] = []
  readonly #latency = new Histogram()
  #readers = 0
  #stopInspecting: (() => void) | undefined
  #timer: Timer | undefined
  #leaving: Timer | undefined
  #since = 0
  #counts = noCounts()

  constructor(system: Measured, clock: Insight['runtime']['clock']) {
    this.#system = system
    this.#clock = clock
  }

  /** @returns ends the reading. */
  read(): () => void {
    this.#readers++
    this.#leaving?.cancel()
    this.#leaving = undefined
    if (this.#stopInspecting === undefined) this.#start()
    let reading = true
    return () => {
      if (!reading) return
      reading = false
      if (--this.#readers === 0) this.#leaving = this.#clock.after(lingerMs, () => this.#stop(), 'background')
    }
  }

  /** The samples that ended after this time. */
  after(at: number): readonly Sample[] {
    const first = this.#samples.findIndex((sample) => sample.at > at)
    return first < 0 ? [] : this.#samples.slice(first)
  }

  #start(): void {
    this.#reset()
    this.#stopInspecting = this.#system.inspect((event) => this.#count(event), 'results')
    this.#wait()
  }

  #stop(): void {
    this.#stopInspecting?.()
    this.#stopInspecting = undefined
    this.#timer?.cancel()
  }

  #wait(): void {
    this.#timer = this.#clock.after(
      periodMs,
      () => {
        this.#take()
        this.#wait()
      },
      'background',
    )
  }

  #reset(): void {
    this.#since = this.#clock.now()
    this.#counts = noCounts()
    this.#latency.clear()
  }

  #count(event: InspectionEvent): void {
    const counts = this.#counts
    switch (event.kind) {
      case 'commandAnswered':
        counts.answered++
        if (event.outcome.status === 'rejected') counts.rejected++
        this.#latency.add(event.elapsedMs)
        break
      case 'commandFailed':
        counts.answered++
        counts.failed++
        this.#latency.add(event.elapsedMs)
        break
      case 'appendSent':
        counts.appends++
        counts.commands += event.commands
        if (event.commands > counts.largest) counts.largest = event.commands
        break
      case 'appendWritten':
        counts.events += event.events
        break
      case 'conflict':
        counts.conflicts++
        break
      case 'restarting':
        counts.restarts++
        break
    }
  }

  #take(): void {
    const at = this.#clock.now()
    const seconds = Math.max(at - this.#since, 1) / 1000
    const { answered, rejected, failed, conflicts, restarts, appends, commands, events, largest } =
      this.#counts
    const { outstanding, live, recovering, quarantined } = this.#system.metrics()
    const latency = this.#latency
    this.#samples.push({
      at,
      answered: answered / seconds,
      rejected: rejected / seconds,
      failed: failed / seconds,
      latency:
        latency.total === 0
          ? null
          : { p50: latency.percentile(0.5), p90: latency.percentile(0.9), p99: latency.percentile(0.99) },
      conflicts: conflicts / seconds,
      restarts: restarts / seconds,
      appends: appends / seconds,
      events: events / seconds,
      batch: appends === 0 ? null : { mean: commands / appends, largest },
      outstanding,
      live,
      recovering,
      quarantined,
    })
    if (this.#samples.length > keptSamples) this.#samples.shift()
    this.#reset()
  }
}

function noCounts() {
  return {
    answered: 0,
    rejected: 0,
    failed: 0,
    conflicts: 0,
    restarts: 0,
    appends: 0,
    commands: 0,
    events: 0,
    largest: 0,
  }
}
