import { dispatch, type Ref, spawn, start, stop } from 'nact'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  type ActorKind,
  type ActorSystem,
  type Supervision,
  startActors,
  stopActor,
  tell,
} from '../../actors/nact.ts'
import { simulatedRuntime } from '../../src/testing/index.ts'

// nact is frozen, and this file says what of it is relied on: when one of these fails after an update, look at
// actors/nact.ts before anything else.

const runtime = simulatedRuntime()
const settle = (): Promise<void> => runtime.settle()

const systems: ActorSystem[] = []
function actors(): ActorSystem {
  const system = startActors()
  systems.push(system)
  return system
}
afterEach(() => {
  for (const system of systems.splice(0)) system.stop()
})

/** A promise that a test settles. */
function gate(): { readonly open: () => void; readonly opened: Promise<void> } {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { open, opened }
}

const recorder: ActorKind<string[], string> = {
  receive: (seen, message) => {
    seen.push(message)
  },
  supervise: () => 'restart',
}

describe('an actor', () => {
  it('never mixes its systems up with those of another copy of this module, as a development server loads it', async () => {
    const one = actors()
    vi.resetModules()
    const copy = await import('../../actors/nact.ts')
    const other = copy.startActors()
    systems.push(other)
    const [here, there]: [string[], string[]] = [[], []]
    tell(one.spawn('a', recorder, here), 'for one')
    copy.tell(other.spawn('a', recorder, there), 'for the other')
    await settle()
    expect([here, there]).toEqual([['for one'], ['for the other']])
  })

  it('receives messages in the order in which they were told, one in each turn of the event loop', async () => {
    const seen: string[] = []
    const actor = actors().spawn('one', recorder, seen)
    for (const message of ['a', 'b', 'c']) tell(actor, message)
    expect(seen).toEqual([])
    await new Promise<void>((resolve) => setImmediate(resolve))
    expect(seen.length).toBeLessThan(3)
    await settle()
    expect(seen).toEqual(['a', 'b', 'c'])
  })

  it('receives nothing while its handler waits for something', async () => {
    const { open, opened } = gate()
    const seen: string[] = []
    const slow: ActorKind<string[], string> = {
      async receive(into, message) {
        into.push(`${message} begins`)
        if (message === 'a') await opened
        into.push(`${message} ends`)
      },
      supervise: () => 'restart',
    }
    const actor = actors().spawn('one', slow, seen)
    tell(actor, 'a')
    tell(actor, 'b')
    await settle()
    expect(seen).toEqual(['a begins'])
    open()
    await settle()
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends'])
  })

  it('keeps its state and its mailbox through a restart, and loses the message at which it crashed', async () => {
    const { open, opened } = gate()
    const seen: string[] = []
    const crashing: ActorKind<string[], string> = {
      receive(into, message) {
        if (message === 'crash') throw new Error('on purpose')
        into.push(message)
      },
      async supervise(error, message): Promise<Supervision> {
        seen.push(`supervised ${message}: ${(error as Error).message}`)
        await opened
        return 'restart'
      },
    }
    const actor = actors().spawn('one', crashing, seen)
    for (const message of ['a', 'crash', 'b']) tell(actor, message)
    await settle()
    // The policy takes its time, and the mailbox waits for it.
    expect(seen).toEqual(['a', 'supervised crash: on purpose'])
    tell(actor, 'c')
    open()
    await settle()
    expect(seen).toEqual(['a', 'supervised crash: on purpose', 'b', 'c'])
  })

  it('crashes by a rejected promise as by a throw', async () => {
    const decisions: Supervision[] = []
    const crashing: ActorKind<undefined, string> = {
      receive: () => Promise.reject(new Error('later')),
      supervise: () => {
        decisions.push('restart')
        return 'restart'
      },
    }
    tell(actors().spawn('one', crashing, undefined), 'a')
    await settle()
    expect(decisions).toEqual(['restart'])
  })

  it('ends where the policy says stop', async () => {
    const seen: string[] = []
    const crashing: ActorKind<string[], string> = {
      receive(into, message) {
        into.push(message)
        throw new Error('on purpose')
      },
      supervise: () => 'stop',
    }
    const actor = actors().spawn('one', crashing, seen)
    tell(actor, 'a')
    tell(actor, 'b')
    await settle()
    expect(seen).toEqual(['a'])
  })

  it('may be stopped inside of its own handler and of its own policy, and stays stopped', async () => {
    const seen: string[] = []
    const system = actors()
    const leaving: ActorKind<{ stop: () => void }, string> = {
      receive(self, message) {
        seen.push(message)
        if (message === 'throw') throw new Error('on purpose')
        self.stop()
      },
      supervise(_error, _message) {
        stopThrower()
        return 'restart'
      },
    }
    const plain = { stop: (): void => undefined }
    const one = system.spawn('one', leaving, plain)
    plain.stop = () => stopActor(one)
    const thrower = system.spawn('two', leaving, plain)
    const stopThrower = (): void => stopActor(thrower)
    for (const message of ['a', 'b']) tell(one, message)
    for (const message of ['throw', 'c']) tell(thrower, message)
    await settle()
    tell(one, 'd')
    tell(thrower, 'e')
    await settle()
    expect(seen).toEqual(['a', 'throw'])
  })

  it('shares its functions with all of its kind, and its state with none', async () => {
    const system = actors().parent('parent')
    const [left, right]: [string[], string[]] = [[], []]
    tell(system.spawn('left', recorder, left), 'l')
    tell(system.spawn('right', recorder, right), 'r')
    await settle()
    expect([left, right]).toEqual([['l'], ['r']])
  })
})

describe('a trap of nact that is designed around', () => {
  it('a message to a stopped actor is lost without a word: so commands never travel in nact', async () => {
    const seen: string[] = []
    const actor = actors().spawn('one', recorder, seen)
    tell(actor, 'scheduled')
    stopActor(actor)
    tell(actor, 'late')
    await settle()
    expect(seen).toEqual([])
  })

  it('stopping a system stops no descendants: so the system stops each of its actors', async () => {
    const seen: string[] = []
    const system = start()
    const child = spawn(
      system,
      (_state: unknown, message: unknown) => void seen.push(String(message)),
      'child',
    )
    dispatch(child, 'scheduled before')
    stop(system)
    await settle()
    expect(seen).toEqual(['scheduled before'])
  })

  it('systems live in one table by name: so each has a name of its own', async () => {
    const seen: string[][] = [[], []]
    const two = [actors(), actors()]
    two.forEach((system, nth) => {
      tell(system.spawn('same-name', recorder, seen[nth]!), `to ${nth}`)
    })
    await settle()
    expect(seen).toEqual([['to 0'], ['to 1']])
  })

  it('a name is taken once under one parent: so all actors are named by a count', () => {
    const system = actors()
    system.spawn('one', recorder, [])
    expect(() => system.spawn('one', recorder, [])).toThrow('already exists')
  })

  it('a name holds no spaces and no accents: so no name is made of the id of an aggregate', () => {
    const system = actors()
    for (const name of ['Alice Smith', 'Zoë', '日本', 'a/b']) {
      expect(() => system.spawn(name, recorder, [])).toThrow('Invalid argument')
    }
  })

  it('every message copies all children of its receiver: so parents receive none', async () => {
    const system = start() as Ref<unknown>
    const children: number[] = []
    const parent = spawn(
      system,
      (_state: unknown, _message: unknown, context: { children: Map<string, unknown> }) =>
        void children.push(context.children.size),
      'parent',
    )
    for (let nth = 0; nth < 100; nth++) spawn(parent, (state: unknown) => state, `child-${nth}`)
    dispatch(parent, 'anything')
    await settle()
    expect(children).toEqual([100])
    stop(system)
  })

  it('a state that a function makes is taken as it is, a promise too: so the state is handed over made', async () => {
    const states: unknown[] = []
    const system = start() as Ref<unknown>
    const child = spawn(
      system,
      (state: unknown) => {
        states.push(state)
        return state
      },
      'child',
      { initialStateFunc: async () => 'made later' } as never,
    )
    dispatch(child, 'anything')
    await settle()
    expect(states).toEqual([expect.any(Promise)])
    stop(system)
  })
})
