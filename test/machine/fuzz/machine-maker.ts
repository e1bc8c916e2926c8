import { createMachine } from 'xstate'
import type { Machine } from '../../../src/machine/xstate-internals.ts'
import type { SeededRandom } from '../../../src/testing/seeded-random.ts'
import { BehaviourMaker, registered } from './machine-behaviour.ts'

/** Command types come first: what they do differs. The dotted ones are caught by wildcards. */
export const commandTypes = ['C0', 'C1', 'C2', 'cmd.go', 'cmd.stop'] as const
export const eventTypes = ['E0', 'E1', 'E2', 'E3', 'a.b', 'a.c'] as const

interface Place {
  readonly id: string
  readonly key: string
  readonly kind: 'atomic' | 'compound' | 'parallel' | 'final' | 'history'
  readonly parent: Place | undefined
  readonly children: Place[]
}

/** What xstate takes, before it is typed. */
interface Config {
  [key: string]: unknown
  entry?: unknown
  exit?: unknown
  tags?: unknown
  output?: unknown
  on?: unknown
  always?: unknown
  after?: unknown
  onDone?: unknown
  states?: unknown
  initial?: unknown
  Raised?: unknown
}

/** A nasty machine: everything that the compiler covers, in combinations that nobody would write. */
export function makeMachine(random: SeededRandom): Machine {
  const places: Place[] = []
  const root = grow(random, undefined, 'm', random.chance(0.3) ? 'parallel' : 'compound', 0, places)
  const maker = new MachineMaker(random, places)
  const config = {
    ...maker.node(root),
    context: { n: random.below(5), log: [] },
    // Endless chains happen; they shall end soon.
    options: { maxIterations: 30 },
  }
  return createMachine(config as never, registered as never) as unknown as Machine
}

const keys = ['a', 'b', 'c', 'd', 'e']

function grow(
  random: SeededRandom,
  parent: Place | undefined,
  key: string,
  kind: Place['kind'],
  depth: number,
  places: Place[],
): Place {
  const id = parent === undefined ? key : `${parent.id}_${key}`
  const place: Place = { id, key, kind, parent, children: [] }
  places.push(place)
  if (kind !== 'compound' && kind !== 'parallel') return place
  const count = random.between(depth === 0 ? 2 : 1, depth === 0 ? 4 : 3)
  for (const childKey of keys.slice(0, count)) {
    const childKind = kindOf(random, kind, depth, place.children.length === 0)
    place.children.push(grow(random, place, childKey, childKind, depth + 1, places))
  }
  if (random.chance(0.3)) place.children.push(grow(random, place, 'h', 'history', depth + 1, places))
  return place
}

function kindOf(random: SeededRandom, parent: Place['kind'], depth: number, isFirst: boolean): Place['kind'] {
  const deep = depth >= 2
  if (!isFirst && random.chance(parent === 'compound' ? 0.2 : 0.05)) return 'final'
  if (deep || random.chance(0.5)) return 'atomic'
  return random.chance(0.35) ? 'parallel' : 'compound'
}

class MachineMaker {
  readonly #random: SeededRandom
  readonly #places: readonly Place[]
  readonly #behaviour: BehaviourMaker
  readonly #hasAlways: boolean
  readonly #hasWildcards: boolean

  constructor(random: SeededRandom, places: readonly Place[]) {
    this.#random = random
    this.#places = places
    this.#behaviour = new BehaviourMaker(
      random,
      places.map(({ id }) => id),
    )
    this.#hasAlways = random.chance(0.4)
    this.#hasWildcards = random.chance(0.3)
  }

  node(place: Place): Config {
    const { chance } = this.#random
    const behaviour = this.#behaviour
    const base: Config = { id: place.id }
    if (place.kind === 'history') {
      const siblings = place.parent?.children.filter(({ kind }) => kind !== 'history') ?? []
      const target = chance(0.5) && siblings.length > 0 ? this.#random.pick(siblings).key : undefined
      return {
        ...base,
        type: 'history',
        history: chance(0.5) ? 'deep' : 'shallow',
        ...(target && { target }),
      }
    }
    const stateAction = () => behaviour.stateAction()
    if (chance(0.3)) base.entry = behaviour.some(stateAction, 2)
    if (chance(0.3)) base.exit = behaviour.some(stateAction, 2)
    if (chance(0.3)) base.tags = [`tag-${place.key}`, `tag-${place.id}`]
    if (place.parent === undefined && chance(0.5)) base.output = behaviour.output()
    if (place.kind === 'final') {
      return { ...base, type: 'final', ...(chance(0.5) && { output: behaviour.output() }) }
    }
    const on = this.#on(place)
    if (Object.keys(on).length > 0) base.on = on
    if (this.#hasAlways && chance(0.25)) base.always = this.#list(() => this.#always(place), 2)
    if (chance(0.05)) base.after = { 1000: this.#eventTransition(place) }
    if (place.kind === 'atomic') return base
    if (chance(0.6)) base.onDone = this.#list(() => this.#eventTransition(place), 2)
    base.states = Object.fromEntries(place.children.map((child) => [child.key, this.node(child)]))
    if (place.kind === 'parallel') return { ...base, type: 'parallel' }
    const initial = chance(0.1) ? this.#random.pick(place.children) : (place.children[0] as Place)
    base.initial = chance(0.3)
      ? { target: initial.key, actions: behaviour.some(stateAction, 2) }
      : initial.key
    return base
  }

  #on(place: Place): Config {
    const { chance } = this.#random
    const on: Config = {}
    const dense = place.parent === undefined ? 0.2 : 0.45
    for (const type of commandTypes) if (chance(dense)) on[type] = this.#list(() => this.#command(place), 3)
    for (const type of eventTypes)
      if (chance(dense)) on[type] = this.#list(() => this.#eventTransition(place), 3)
    if (chance(0.1)) on.Raised = this.#eventTransition(place)
    if (this.#hasWildcards && chance(0.3)) on['cmd.*'] = this.#list(() => this.#command(place), 2)
    if (this.#hasWildcards && chance(0.3)) on['a.*'] = this.#list(() => this.#eventTransition(place), 2)
    if (this.#hasWildcards && chance(0.15)) on['*'] = this.#list(() => this.#command(place), 2)
    return on
  }

  #list(make: () => unknown, most: number): unknown {
    const count = this.#random.between(1, most)
    const list = Array.from({ length: count }, make)
    return list.length === 1 && this.#random.chance(0.5) ? list[0] : list
  }

  #command(place: Place): unknown {
    const { chance } = this.#random
    if (chance(0.05)) return {}
    return {
      ...(chance(0.5) && { guard: this.#behaviour.guard() }),
      ...(chance(0.02) && this.#targets(place)),
      actions: this.#behaviour.some(() => this.#behaviour.commandAction(), 3),
    }
  }

  #eventTransition(place: Place): unknown {
    const { chance } = this.#random
    if (chance(0.1)) return {}
    return {
      ...(chance(0.45) && { guard: this.#behaviour.guard() }),
      ...(chance(0.75) && this.#targets(place)),
      ...(chance(0.6) && { actions: this.#behaviour.some(() => this.#behaviour.stateAction(), 3) }),
    }
  }

  #always(place: Place): unknown {
    const { chance } = this.#random
    return {
      ...(chance(0.95) && { guard: this.#behaviour.guard() }),
      ...(chance(0.8) && this.#targets(place)),
      ...(chance(0.6) && { actions: this.#behaviour.some(() => this.#behaviour.stateAction(), 2) }),
    }
  }

  #targets(place: Place): Config {
    const { chance, pick } = this.#random
    const reenter = chance(0.2) ? { reenter: true } : {}
    const siblings = place.parent?.children ?? []
    if (siblings.length > 0 && chance(0.5)) return { target: pick(siblings).key, ...reenter }
    if (place.children.length > 0 && chance(0.4))
      return { target: `.${pick(place.children).key}`, ...reenter }
    const several = chance(0.2) ? this.#severalTargets() : undefined
    return { target: several ?? `#${pick(this.#places).id}`, ...reenter }
  }

  /** A state of each of two regions of one parallel state: the only targets that can be active together. */
  #severalTargets(): readonly string[] | undefined {
    const { pick } = this.#random
    const regionsOf = (place: Place) => place.children.filter(({ kind }) => kind !== 'history')
    const parallels = this.#places.filter((place) => place.kind === 'parallel' && regionsOf(place).length > 1)
    if (parallels.length === 0) return undefined
    const [one, other] = regionsOf(pick(parallels)) as [Place, Place]
    const within = (region: Place) =>
      pick(
        this.#places.filter(
          ({ id, kind }) => kind !== 'history' && (id === region.id || id.startsWith(`${region.id}_`)),
        ),
      )
    return [`#${within(one).id}`, `#${within(other).id}`]
  }
}
