import type { MachineFunction } from './xstate-internals.ts'

/** Something that a machine gives as it is, or computes: params, an emitted event, a key of an assign, an output. */
export type ChartValue =
  | { readonly kind: 'none' }
  | { readonly kind: 'fixed'; readonly value: unknown }
  | { readonly kind: 'computed'; readonly compute: MachineFunction }

export const noValue: ChartValue = { kind: 'none' }

export function chartValue(written: unknown): ChartValue {
  return typeof written === 'function'
    ? { kind: 'computed', compute: written as MachineFunction }
    : { kind: 'fixed', value: written }
}
