import { type Aggregate, aggregate, model } from 'reenact'
import { setup } from 'xstate'

/** Where the two commands of each state lead: to the next one, and somewhere else. */
export const chartShapes = {
  /** Forwards and backwards. */
  'to and fro': (nth: number) => Math.max(nth - 1, 0),
  /** Back to the beginning from everywhere: arrows as long as the chart. */
  'back to the start': () => 0,
  /** About as tangled as a chart gets. */
  'near and far': (nth: number, states: number) => (nth * 17) % states,
} as const satisfies Readonly<Record<string, (nth: number, states: number) => number>>

export type ChartShape = keyof typeof chartShapes

/** A definition of so many states, each with two commands and two domain events of its own. */
export function chartOf(states: number, shape: ChartShape): Aggregate {
  const every = Array.from({ length: states }, (_, nth) => nth)
  const typesOf = (prefix: string): Readonly<Record<string, true>> =>
    Object.fromEntries(
      every.flatMap((nth) => [
        [`${prefix}On${nth}`, true],
        [`${prefix}Off${nth}`, true],
      ]),
    )
  // Types of names that are computed would say nothing; the checker sees what they are.
  const trip = model({ context: {}, commands: typesOf('go'), events: typesOf('went') } as never)
  const stateOf = (nth: number) => ({
    on: {
      [`goOn${nth}`]: { actions: `wentOn${nth}` },
      [`goOff${nth}`]: { actions: `wentOff${nth}` },
      [`wentOn${nth}`]: `state${(nth + 1) % states}`,
      [`wentOff${nth}`]: `state${chartShapes[shape](nth, states)}`,
    },
  })
  const machine = setup({ types: trip.types, actions: trip.actions }).createMachine({
    id: 'trip',
    context: {},
    initial: 'state0',
    states: Object.fromEntries(every.map((nth) => [`state${nth}`, stateOf(nth)])),
  } as never)
  return aggregate({ ...trip, name: 'trip', machine } as never)
}
