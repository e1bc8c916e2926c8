import { aggregate, commandSchema, DefinitionError, memoryStore, start } from 'reenact'
import { given, givenStored } from 'reenact/testing'
import { describe, expect, it } from 'vitest'
import { setup } from 'xstate'
import { order, orderMachine, shop } from './order.ts'

const line = { article: 'lamp', quantity: 2, price: 100 } as const
const placed = { type: 'Placed', at: '2026-01-02T03:04:05Z', total: 200 } as const

describe('docs/defining-an-aggregate.md', () => {
  it('decides as the page says', () => {
    given(order)
      .when({ type: 'Place', at: placed.at })
      .thenRejected('Empty')
      .when({ type: 'AddLine', ...line })
      .then({ type: 'LineAdded', ...line })
      .when({ type: 'Place', at: placed.at })
      .then(placed)
      .when({ type: 'Pay', amount: 150 })
      .then({ type: 'PaymentReceived', amount: 150 })
      .when({ type: 'Cancel' })
      .thenRejected('PaidAlready')
      .when({ type: 'Pay', amount: 50 })
      .then({ type: 'PaymentReceived', amount: 50 }, { type: 'Completed' })
      .thenState({ matches: 'completed', context: { paid: 200 } })
      .when({ type: 'Pay', amount: 1 })
      .thenRejected('Done')
    given(order).when({ type: 'Cancel' }).then({ type: 'Cancelled' }).thenState({ matches: 'cancelled' })
    expect(order.findings.filter(({ severity }) => severity !== 'note')).toEqual([])
  })

  it('shows a definition with errors', () => {
    const machine = setup({ types: {} as never }).createMachine({
      id: 'order',
      initial: 'draft',
      states: { draft: { on: { Place: 'placed' } }, placed: {} },
    })
    const define = (): unknown =>
      aggregate({ name: 'order', machine, commands: { Place: true }, events: {} } as never)
    expect(define).toThrow(DefinitionError)
    expect(define).toThrowErrorMatchingInlineSnapshot(`
      [DefinitionError: The definition of the aggregate 'order' has one error:
        - order.draft.on.Place: the command 'Place' has a target (order.placed), and commands change nothing
          Mend: let it emit a domain event, and give the target to the transition of that event]
    `)
  })

  it('names what does not fit', () => {
    const [note] = order.findings
    expect(note).toMatchObject({ severity: 'note', rule: 'computed-params', path: 'order.draft.on.Place[0]' })
  })

  it('reads events of older versions', () => {
    const { commands, events, rejections } = shop
    // #region upcast
    const renewed = aggregate({
      name: 'order',
      machine: orderMachine,
      commands,
      events,
      rejections,
      schemaVersion: 2,
      upcast: (stored) => {
        if (stored.schemaVersion >= 2) return stored
        switch (stored.type) {
          case 'LineAdded': //  version 1 knew one piece only
            return { type: 'LineAdded', data: { ...stored.data, quantity: 1 } }
          case 'Bought': {
            //   version 1 placed and paid at once
            const { at, total } = stored.data
            return [
              { type: 'Placed', data: { at, total } },
              { type: 'PaymentReceived', data: { amount: total } },
              { type: 'Completed', data: {} },
            ]
          }
          case 'Viewed': //     version 1 kept what nobody needs
            return null
          default:
            return stored
        }
      },
    })
    // #endregion upcast
    givenStored(
      renewed,
      { type: 'LineAdded', data: { article: 'lamp', price: 100 }, schemaVersion: 1 },
      { type: 'Viewed', data: {}, schemaVersion: 1 },
      { type: 'Bought', data: { at: placed.at, total: 100 }, schemaVersion: 1 },
    )
      .when({ type: 'Cancel' })
      .thenRejected('Done')
  })

  it('guards the door of a web server', async () => {
    await using system = await start({ aggregates: [order], store: memoryStore() })
    // #region command-schema
    const schema = commandSchema(order)['~standard']

    async function post(id: string, body: unknown) {
      const checked = await schema.validate(body)
      if (checked.issues !== undefined) return { status: 400, issues: checked.issues }
      return { status: 200, outcome: await system.get(order, id).ask(checked.value) }
    }
    // #endregion command-schema
    expect(await post('1', { type: 'AddLine', ...line, quantity: 0 })).toMatchObject({
      status: 400,
      issues: [{ path: ['quantity'] }],
    })
    expect(await post('1', { type: 'AddLine', ...line })).toMatchObject({ status: 200 })
  })
})
