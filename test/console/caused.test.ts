import { expect, test } from 'vitest'
import { type Cause, causesOf } from '../../src/console/page/parts/caused.ts'
import type { CausedCommand } from '../../src/console/wire.ts'

function command(commandId: string, causationId = commandId): CausedCommand {
  const origin = { commandId, commandType: 'Do', count: 1, system: 's', correlationId: 'c', causationId }
  const event = { aggregate: 'a', id: commandId, revision: 0, position: 0, eventId: `event of ${commandId}` }
  const shown = { ...event, type: 'Done', data: '{}', cut: false, schemaVersion: 1, recordedAt: 0, origin }
  return { origin, events: [shown] }
}

const tree = (causes: readonly Cause[]): object =>
  Object.fromEntries(causes.map(({ command, caused }) => [command.origin.commandId, tree(caused)]))

test('commands stand under the command or the event that caused them', () => {
  const commands = [
    command('order'),
    command('pay', 'order'),
    command('ship', 'event of pay'),
    command('mail'),
  ]
  expect(tree(causesOf(commands))).toEqual({ order: { pay: { ship: {} } }, mail: {} })
})

test('what was caused by something that is not there stands at the top', () => {
  expect(tree(causesOf([command('pay', 'a web request'), command('ship', 'pay')]))).toEqual({
    pay: { ship: {} },
  })
})

test('commands that claim to have caused each other are all there, and it ends', () => {
  const commands = [command('a', 'b'), command('b', 'a'), command('c', 'a')]
  expect(tree(causesOf(commands))).toEqual({ a: { c: {} }, b: {} })
})
