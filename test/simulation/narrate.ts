import type { Plan, Step } from './plan.ts'

/** A plan as a person reads it: who does what, when, and what goes wrong. */
export function narrated({ nodes, streams, ownEvents, settings, steps, faults }: Plan): string {
  const lines = [
    `${nodes} nodes, ${streams} aggregates, own events ${ownEvents}, settings ${JSON.stringify(settings)}`,
    ...steps.map((step, nth) => `${String(nth + 1).padStart(3)}. ${whenOf(step)} ${deedOf(step)}`),
  ]
  if (faults.kind === 'exactly') {
    lines.push(...faults.faults.map(({ operation, fault }) => `   at ${operation}: ${JSON.stringify(fault)}`))
  }
  return lines.join('\n')
}

function whenOf({ afterMs, tasks }: Step): string {
  if (afterMs > 0) return `${afterMs} ms later,`
  return tasks > 0 ? `after ${tasks} tasks,` : 'at once,'
}

function deedOf(step: Step): string {
  const { afterMs: _afterMs, tasks: _tasks, kind, ...details } = step
  return `${kind} ${JSON.stringify(details)}`
}
