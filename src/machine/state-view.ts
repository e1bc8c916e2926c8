import type { Chart } from './chart.ts'
import type { StateView } from './kernel.ts'
import { ActiveTree, type Situation, stateValueOf } from './situation.ts'
import { type Machine, type Snapshot, snapshotOf, valueMatches } from './xstate-internals.ts'

/** xstate's own snapshot of a state. */
export function realSnapshot(machine: Machine, chart: Chart, situation: Situation): Snapshot {
  const { nodes, history, ...rest } = situation
  const idsOf = (list: Situation['nodes']): readonly string[] => list.map((node) => node.id)
  return snapshotOf(machine, {
    ...rest,
    nodes: idsOf(nodes),
    history: new Map([...history].map(([node, kept]) => [node.id, idsOf(kept)])),
    value: stateValueOf(chart, new ActiveTree(nodes)),
  })
}

/** What people see: a real snapshot of xstate's, made for them alone, so that nothing they do to it is felt. */
export function viewOf(machine: Machine, chart: Chart, situation: Situation): StateView {
  const snapshot = realSnapshot(machine, chart, situation)
  // xstate's `matches` wants its snapshot as `this`; people take it out: `const { matches } = await alice.state()`.
  const matches = (value: unknown): boolean => valueMatches(value, snapshot.value)
  return Object.assign(snapshot, { matches }) as unknown as StateView
}
