import { carryOut, type NumberedOrder } from './double-orders.ts'
import { type DoubleOptions, EventStoreDouble } from './event-store-double.ts'

/**
 * The double as a process of its own. Started by `startDoubleProcess`, or by hand:
 * `node --import tsx test/support/eventstoredb/double-main.ts [PORT]`.
 */
async function serveParent(options: DoubleOptions): Promise<void> {
  const double = await EventStoreDouble.start(options)
  process.on('message', (message: NumberedOrder) => {
    void carryOut(double, message.order).then((value) => process.send?.({ number: message.number, value }))
  })
  process.send?.({ number: 0, value: double.connectionString })
}

if (process.send === undefined) {
  const double = await EventStoreDouble.start({ port: Number(process.argv[2] ?? 0) })
  console.log(double.connectionString)
} else {
  process.once('message', (options: DoubleOptions) => void serveParent(options))
  // Nobody is left to order anything.
  process.once('disconnect', () => process.exit(0))
}
