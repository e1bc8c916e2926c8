import type { Aggregate } from 'reenact'
import { type DiagramView, diagram } from 'reenact/diagram'
import { describe, expect, it } from 'vitest'
import { account } from '../../examples/bank/account.ts'
import { order } from '../docs/order.ts'
import { bigMachine, shipment } from './machines.ts'

function arrows(definition: Aggregate, view: DiagramView): readonly string[] {
  const { nodes, edges } = diagram(definition, { format: 'json', view })
  return [
    ...edges.map(({ source, target, label }) => `${source} -> ${target}: ${label}`),
    ...nodes.flatMap(({ id, inner }) => inner.map(({ label }) => `${id}: ${label}`)),
  ]
}

describe('the view of the domain', () => {
  it('folds each command with its events, and shows rejections with their codes', () => {
    expect(arrows(account, 'domain')).toEqual([
      'account.unopened -> account.open: Open / Opened',
      'account.open.active -> account.open.frozen: Freeze / Frozen',
      'account.open.active -> account.closed: Close [isEmpty] / Closed',
      'account.open.frozen -> account.open.active: Unfreeze / Unfrozen',
      'account.open: Open ✗ AlreadyOpen',
      'account.open: Deposit / Deposited',
      'account.open.active: Withdraw [hasFunds] / Withdrawn',
      'account.open.active: Withdraw [else] / WithdrawalDeclined',
      'account.open.active: Unfreeze ✗ NotFrozen',
      'account.open.active: Close [else] ✗ NotEmpty',
      'account.open.frozen: Withdraw / WithdrawalDeclined',
      'account.open.frozen: Freeze ✗ AlreadyFrozen',
      'account.open.frozen: Close ✗ AccountFrozen',
    ])
  })

  it('follows several events of one command to where they lead', () => {
    expect(arrows(order, 'domain')).toContain(
      'order.placed -> order.completed: Pay [settles] / PaymentReceived, Completed',
    )
    expect(arrows(order, 'domain')).toContain('order.placed: Pay [else] / PaymentReceived')
  })

  it('finds the transition of an event above, below and in what was entered on the way', () => {
    expect(arrows(shipment, 'domain')).toEqual([
      'shipment.draft -> shipment.running: Place / Placed',
      'shipment.draft -> shipment.cancelled: Cancel / Cancelled',
      'shipment.running.payment.open -> shipment.running.payment.settled: Pay / Paid',
      'shipment.running.delivery.packing -> shipment.running.delivery.sent: Pack / Packed, Sent',
      'shipment.running.delivery.packing.picking -> shipment.running.delivery.packing.packed: Pick / Picked',
      'shipment.running.delivery.ready -> shipment.running.delivery.sent: Send [isPaid] / Sent',
      'shipment.running.delivery.ready -> shipment.running.delivery.packing.last: Resume / Resumed',
      'shipment.running: Cancel ✗ TooLate',
      'shipment.running.delivery.ready: Send [else] ✗ Unpaid',
    ])
  })
})

describe('the view of the machine', () => {
  it('shows the chart as it is written', () => {
    expect(arrows(account, 'machine')).toEqual([
      'account.unopened -> account.open: Opened / open',
      'account.open.active -> account.open.frozen: Frozen',
      'account.open.active -> account.closed: Closed',
      'account.open.frozen -> account.open.active: Unfrozen',
      'account.unopened: Open / Opened',
      'account.open: Open / reject(code: AlreadyOpen)',
      'account.open: Deposit / Deposited',
      'account.open: Deposited / credit',
      'account.open: WithdrawalDeclined',
      'account.open.active: Withdraw [hasFunds] / Withdrawn',
      'account.open.active: Withdraw [else] / WithdrawalDeclined(…)',
      'account.open.active: Withdrawn / debit',
      'account.open.active: Freeze / Frozen',
      'account.open.active: Unfreeze / reject(code: NotFrozen)',
      'account.open.active: Close [isEmpty] / Closed',
      'account.open.active: Close [else] / reject(code: NotEmpty)',
      'account.open.frozen: Withdraw / WithdrawalDeclined(…)',
      'account.open.frozen: Freeze / reject(code: AlreadyFrozen)',
      'account.open.frozen: Unfreeze / Unfrozen',
      'account.open.frozen: Close / reject(code: AccountFrozen)',
    ])
  })
})

describe('both views', () => {
  it.each(['machine', 'domain'] as const)('say of each state what it is: %s', (view) => {
    const { nodes } = diagram(shipment, { format: 'json', view })
    const node = (id: string) => nodes.find((each) => each.id === id)
    expect(nodes[0]).toMatchObject({ id: 'shipment', label: 'shipment', parent: null })
    expect(nodes[0]?.initial).toEqual(['shipment.draft'])
    expect(node('shipment.draft')?.description).toBe('Nothing is promised yet.')
    expect(node('shipment.running')).toMatchObject({ kind: 'parallel', parent: 'shipment', initial: [] })
    expect(node('shipment.running.payment.settled')?.tags).toEqual(['safe'])
    expect(node('shipment.running.delivery.packing.last')?.history).toBe('shallow')
    expect(node('shipment.cancelled')?.kind).toBe('final')
  })

  it('are plain JSON', () => {
    for (const definition of [account, shipment, bigMachine()]) {
      const graph = diagram(definition, { format: 'json' })
      expect(JSON.parse(JSON.stringify(graph))).toEqual(graph)
    }
  })
})
