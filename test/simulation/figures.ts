/** What schedules were made of, in numbers that add up. */
export interface Figures {
  readonly schedules: number
  readonly nodes: number
  readonly aggregates: number
  readonly steps: number
  /** Commands that clients wished, each with an id of its own. */
  readonly commands: number
  /** How often they were asked: clients ask again until they know. */
  readonly asks: number
  readonly accepted: number
  readonly duplicates: number
  readonly rejected: number
  /** Asks that ended in a thrown error, and among them those that left it open whether the command took effect. */
  readonly failed: number
  readonly unknown: number
  readonly events: number
  /** Injected faults of the store. */
  readonly faults: number
  /** Processes that were killed, and those that were stopped under way. */
  readonly kills: number
  readonly stops: number
}

export const noFigures: Figures = {
  schedules: 0,
  nodes: 0,
  aggregates: 0,
  steps: 0,
  commands: 0,
  asks: 0,
  accepted: 0,
  duplicates: 0,
  rejected: 0,
  failed: 0,
  unknown: 0,
  events: 0,
  faults: 0,
  kills: 0,
  stops: 0,
}

const names = Object.keys(noFigures) as readonly (keyof Figures)[]

export function sumOf(one: Figures, other: Figures): Figures {
  return Object.fromEntries(names.map((name) => [name, one[name] + other[name]])) as unknown as Figures
}

/** The mean of each, for people. */
export function meansOf(figures: Figures): string {
  const { schedules } = figures
  const means = names
    .filter((name) => name !== 'schedules')
    .map((name) => `${name} ${(figures[name] / Math.max(1, schedules)).toFixed(2)}`)
  return `mean of a schedule: ${means.join(', ')}`
}
