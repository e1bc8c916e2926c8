import {
  cancel,
  createMachine,
  enqueueActions,
  log,
  raise,
  sendParent,
  sendTo,
  spawnChild,
  stopChild,
} from 'xstate'
import { type Case, forbidden, go, gone } from './definition.ts'

const child = createMachine({})
const opaque = (name: string, action: unknown, mend: string, text = name): Case => ({
  what: name,
  config: go('act'),
  actions: { act: action },
  rule: 'opaque-action',
  path: 'trip.on.Go',
  message: `the action 'act' is ${text}(), which is an effect or hides what it does`,
  mend,
})
const useInstead = 'use emit() on commands and assign() on domain events'
const cases: readonly Case[] = [
  {
    what: 'a custom action',
    config: go(['Gone', 'notify']),
    actions: { notify: () => undefined },
    rule: 'custom-action',
    path: 'trip.on.Go',
    message: "the action 'notify' is a function of your own, and Reenact runs no effects in a machine",
    mend: 'react to the event instead',
  },
  {
    what: 'a custom action on entry of the state that an event leads to',
    config: {
      initial: 'a',
      states: { a: { on: { Go: { actions: 'Gone' }, Gone: 'b' } }, b: { entry: () => undefined } },
    },
    rule: 'custom-action',
    path: 'trip.b.entry',
    message: 'an inline action is a function of your own, and Reenact runs no effects in a machine',
    mend: 'react to the event instead',
  },
  {
    what: 'an action that nobody implements',
    config: go('Gon'),
    rule: 'missing-action',
    path: 'trip.on.Go',
    message: "nobody implements the action 'Gon'",
    mend: "add 'Gon' to the actions of setup()",
  },
  opaque(
    'enqueueActions',
    enqueueActions(() => undefined),
    'write the choice as guarded transitions',
  ),
  opaque('raise', raise({ type: 'Gone' }), 'emit a domain event: it is applied at once'),
  opaque('sendTo', sendTo('other', { type: 'Hi' }), 'emit a domain event, and send where it is read'),
  opaque(
    'sendParent',
    sendParent({ type: 'Hi' }),
    'emit a domain event, and send where it is read',
    'sendTo',
  ),
  opaque('spawnChild', spawnChild(child), useInstead),
  opaque('stopChild', stopChild('x'), useInstead),
  opaque('cancel', cancel('x'), useInstead),
  opaque('log', log('x'), 'leave it out: commands and events are logged and inspected outside the machine'),
  {
    what: 'invoke',
    config: {
      initial: 'a',
      states: { a: { invoke: { src: child }, on: { Go: { actions: 'Gone' }, ...gone } } },
    },
    rule: 'invoke',
    path: 'trip.a.invoke',
    message: 'Reenact runs no effects in a machine',
    mend: 'react to the domain event that leads here, and send what comes of it as a command',
  },
]

forbidden('actions', cases)
