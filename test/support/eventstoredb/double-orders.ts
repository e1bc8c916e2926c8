import type { EventStoreDouble } from './event-store-double.ts'
import type { FaultRule, Operation } from './faults.ts'

/** What the double in another process can be told; all of it is plain data. */
export type Order =
  | { readonly kind: 'addFault'; readonly rule: FaultRule }
  | { readonly kind: 'clearFaults' }
  | { readonly kind: 'holdCommits' }
  | { readonly kind: 'releaseCommits' }
  | { readonly kind: 'loseUncommitted' }
  | { readonly kind: 'endCalls'; readonly operation: Operation; readonly code: number }
  | { readonly kind: 'stop' }
  | { readonly kind: 'start'; readonly data: 'kept' | 'lost' }
  | { readonly kind: 'count'; readonly operation: Operation }
  | { readonly kind: 'eventIds'; readonly stream: string }

export interface NumberedOrder {
  readonly number: number
  readonly order: Order
}

/** The answer to the order of the same number. */
export interface Report {
  readonly number: number
  readonly value: unknown
}

/** Does what was ordered. @returns what the order asks for. */
export async function carryOut(double: EventStoreDouble, order: Order): Promise<unknown> {
  switch (order.kind) {
    case 'addFault':
      return double.addFault(order.rule)
    case 'clearFaults':
      return double.faults.clear()
    case 'holdCommits':
      return double.holdCommits()
    case 'releaseCommits':
      return double.releaseCommits()
    case 'loseUncommitted':
      return double.loseUncommitted()
    case 'endCalls':
      return double.endCalls(order.operation, order.code)
    case 'stop':
      return await double.stop()
    case 'start':
      return await double.start(order.data)
    case 'count':
      return double.count(order.operation)
    case 'eventIds':
      return double.events(order.stream).map((event) => event.id)
  }
}
