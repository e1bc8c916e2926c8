import { idOfStream, type Step } from './plan.ts'
import type { World } from './world.ts'

type Deed<S extends Step> = (world: World, step: S) => void

/** Lets one thing happen in the world. */
export function perform(world: World, step: Step): void {
  const deed = deeds[step.kind] as Deed<Step>
  deed(world, step)
}

const deeds: { readonly [Kind in Step['kind']]: Deed<Extract<Step, { kind: Kind }>> } = {
  ask(world, step) {
    world.clients.begin({ expected: undefined, goneAfterMs: undefined, ...step, id: idOfStream(step.stream) })
  },
  tell(world, step) {
    world.clients.tell({ ...step, id: idOfStream(step.stream) })
  },
  look(world, { node, stream }) {
    void world.look(node, stream)
  },
  past(world, step) {
    void world.lookBack(step)
  },
  crowd(world, { node }) {
    world.trace?.add(`n${node + 1}`, 'is asked for somebody else')
    void world.crowd(node)
  },
  foreign(world, { stream, events }) {
    world.strikes.addEverywhere('foreignWrite', nameOf(stream))
    const added = { type: 'Added', amount: 1, total: 0 }
    void writeForeign(world, stream, new Array(events).fill(added))
  },
  misfit(world, { stream }) {
    world.strikes.addEverywhere('misfit', nameOf(stream))
    void writeForeign(world, stream, [{ type: 'Unheard' }])
  },
  kill(world, { node: nth, backAfterMs }) {
    const node = world.nodes[nth]
    if (node?.system === undefined) return
    const { id } = node.system
    world.strikes.addToSystem('kill', id)
    node.kill()
    world.kills++
    world.trace?.add(node.name, 'is killed')
    world.clients.lose(id)
    world.runtime.clock.after(backAfterMs, () => void node.start())
  },
  stop(world, { node: nth, timeoutMs, backAfterMs }) {
    const node = world.nodes[nth]
    if (node?.system === undefined) return
    world.strikes.addToSystem('stop', node.system.id)
    world.stops++
    world.trace?.add(node.name, `stops within ${timeoutMs} ms`)
    void node.stop(timeoutMs)
    world.runtime.clock.after(backAfterMs, () => void node.start())
  },
  outage({ store, trace }, step) {
    trace?.add('store', `is down for ${step.forMs} ms; appends: ${step.appends}`)
    store.goDown(step)
  },
  cut({ store, trace, strikes }) {
    strikes.addEverywhere('cutAll')
    trace?.add('store', 'cuts its subscriptions')
    store.cutSubscriptions()
  },
  clock({ runtime, trace, strikes }, { byMs }) {
    strikes.addEverywhere('clockJump')
    trace?.add('clock', `is set by ${byMs} ms`)
    runtime.shiftClock(byMs)
  },
}

async function writeForeign(
  { foreign, trace }: World,
  stream: number,
  events: readonly { readonly type: string }[],
): Promise<void> {
  const name = nameOf(stream)
  try {
    const revision = await foreign?.write(name, events)
    trace?.add('foreign', `writes ${events.length} ${events[0]?.type} to ${name} up to ${revision}`)
  } catch {
    trace?.add('foreign', `does not get its ${events[0]?.type} into ${name}`)
  }
}

function nameOf(stream: number): string {
  return `ledger-${idOfStream(stream)}`
}
