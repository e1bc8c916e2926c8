import { createMachine, setup } from 'xstate'
import { aggregate, type Rejection, reject } from '../../../src/aggregate/index.ts'

const definition = { name: 'switch', commands: { Turn: true }, events: { Turned: true } } as const

type Turning = { type: 'Turn' } | { type: 'Turned' }
type Turned = { type: 'Turned' }

const right = setup({
  types: {} as { context: { on: boolean }; events: Turning; emitted: Turned },
}).createMachine({ context: { on: false } })
aggregate({ ...definition, machine: right })

// @ts-expect-error: the machine has no types: give setup({ types }) its context, events and emitted
aggregate({ ...definition, machine: createMachine({}) })

const withoutEmitted = setup({
  types: {} as { context: { on: boolean }; events: Turning },
}).createMachine({ context: { on: false } })
// @ts-expect-error: the machine's types lack emitted: list the domain events that it emits
aggregate({ ...definition, machine: withoutEmitted })

const notReceived = setup({
  types: {} as { context: { on: boolean }; events: { type: 'Turn' }; emitted: Turned },
}).createMachine({ context: { on: false } })
// @ts-expect-error: 'Turned' is emitted but is not among the events of the machine's types: a domain event is received, too
aggregate({ ...definition, machine: notReceived })

const forgotten = setup({
  types: {} as { context: { on: boolean }; events: Turning | { type: 'Broke' }; emitted: Turned },
}).createMachine({ context: { on: false } })
// @ts-expect-error: 'Broke' is no domain event of the machine: list it in emitted of its types, or leave it out
aggregate({ ...definition, machine: forgotten, events: { Turned: true, Broke: true } })
// @ts-expect-error: 'Broke' is a command of the machine: it needs a schema in commands, or true if it has no payload
aggregate({ ...definition, machine: forgotten })

const withoutContext = setup({
  types: {} as { events: Turning; emitted: Turned },
}).createMachine({})
// @ts-expect-error: the machine's types lack context
aggregate({ ...definition, machine: withoutContext })

const dated = setup({
  types: {} as { context: { since: Date }; events: Turning; emitted: Turned },
}).createMachine({ context: { since: new Date(0) } })
// @ts-expect-error: 'context.since' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
aggregate({ ...definition, machine: dated })

const deep = setup({
  types: {} as { context: { lines: { sums: Map<string, number> }[] }; events: Turning; emitted: Turned },
}).createMachine({ context: { lines: [] } })
// @ts-expect-error: 'context.lines[].sums' cannot be stored: use what JSON holds (string, number, boolean, null, array, plain object)
aggregate({ ...definition, machine: deep })

const fed = setup({
  types: {} as { context: { on: boolean }; events: Turning; emitted: Turned; input: { on: boolean } },
}).createMachine({ context: ({ input }) => input })
// @ts-expect-error: the input of a machine is { id: string } or nothing: everything else comes with commands
aggregate({ ...definition, machine: fed })

const withId = setup({
  types: {} as { context: { id: string }; events: Turning; emitted: Turned; input: { id: string } },
}).createMachine({ context: ({ input }) => ({ id: input.id }) })
aggregate({ ...definition, machine: withId })

const refusing = setup({
  types: {} as { context: { on: boolean }; events: Turning; emitted: Turned | Rejection<'Stuck'> },
}).createMachine({ context: { on: false } })
aggregate({ ...definition, machine: refusing, rejections: { Stuck: 'it is stuck' } })

// @ts-expect-error: 'Stuck' is a code that the machine rejects with: give it a text in rejections
aggregate({ ...definition, machine: refusing })

// @ts-expect-error: 'Broken' is no code that the machine rejects with: list Rejection<'Broken'> in emitted of its types, or leave it out
aggregate({ ...definition, machine: refusing, rejections: { Stuck: 'it is stuck', Broken: 'it is broken' } })

// @ts-expect-error: 'Done' is a code of Reenact itself: choose another
aggregate({ ...definition, machine: refusing, rejections: { Stuck: 'it is stuck', Done: 'it is done' } })

// @ts-expect-error: 'light-switch' is no name for an aggregate: it must not be empty, hold a - (its streams are called name-id), or begin with $
aggregate({ ...definition, machine: right, name: 'light-switch' })

// @ts-expect-error: '' is no name for an aggregate: it must not be empty, hold a - (its streams are called name-id), or begin with $
aggregate({ ...definition, machine: right, name: '' })

interface Refusing {
  readonly context: { on: boolean }
  readonly events: Turning
  readonly emitted: Turned | Rejection<'Stuck'>
}
setup({ types: {} as Refusing, actions: { stuck: reject('Stuck'), reject: reject<'Stuck'>() } })

// @ts-expect-error: Type '"Broken"' is not assignable to type '"Stuck"'.
setup({ types: {} as Refusing, actions: { broken: reject('Broken') } })
