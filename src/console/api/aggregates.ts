import type { LiveAggregate } from '../../../actors/insight.ts'
import { categoryOf, idOf, streamOf } from '../../event/stream-name.ts'
import { lastEventOf } from '../../store/single-event.ts'
import { stateText } from '../shown-state.ts'
import type { AggregateRow, AggregateRows, AggregateScope } from '../wire.ts'
import type { ApiContext, Asked } from './context.ts'

const mostRows = 100

interface Search {
  readonly name: string | null
  readonly text: string
}

/** The aggregates that fit a search: those in quarantine first, then by name and id. */
export async function aggregates(context: ApiContext, asked: Asked): Promise<AggregateRows> {
  const { parameters } = asked
  const search = { name: parameters.get('aggregate'), text: (parameters.get('search') ?? '').toLowerCase() }
  const scope: AggregateScope = parameters.get('scope') === 'stored' ? 'stored' : 'live'
  const { rows, found } = liveRows(context, search)
  if (scope === 'live') {
    // An id typed in full is found wherever it is.
    const exact = found > 0 ? [] : await exactRows(context, search.name, parameters.get('search') ?? '')
    return { rows: [...rows, ...exact], found: found + exact.length, index: null }
  }
  await context.index.advance()
  const stored = storedRows(context, search)
  return {
    rows: [...rows, ...stored.rows].slice(0, mostRows),
    found: found + stored.found,
    index: context.index.state,
  }
}

interface Found {
  readonly rows: readonly AggregateRow[]
  readonly found: number
}

function liveRows({ insight }: ApiContext, search: Search): Found {
  const first = new FirstOf<LiveAggregate>(mostRows, orderOfLive)
  insight.forEachLive((live) => {
    if (fits(search, live.aggregate, live.id)) first.add(live)
  })
  return { rows: first.items.map(rowOf), found: first.found }
}

function storedRows({ insight, index }: ApiContext, search: Search): Found {
  const first = new FirstOf<AggregateRow>(mostRows, (one, other) => compare(one, other))
  for (const [stream, revision] of index.streams) {
    const [aggregate, id] = [categoryOf(stream), idOf(stream)]
    if (!fits(search, aggregate, id) || insight.live(aggregate, id) !== undefined) continue
    first.add({ aggregate, id, phase: null, depth: 0, revision, state: null })
  }
  return { rows: first.items, found: first.found }
}

async function exactRows(
  { insight }: ApiContext,
  name: string | null,
  id: string,
): Promise<readonly AggregateRow[]> {
  const rows: AggregateRow[] = []
  const names = insight.definitions.map((definition) => definition.name)
  for (const aggregate of id === '' ? [] : names.filter((each) => name === null || each === name)) {
    const head = await lastEventOf(insight.events, streamOf(aggregate, id))
    if (head !== undefined)
      rows.push({ aggregate, id, phase: null, depth: 0, revision: head.revision, state: null })
  }
  return rows
}

function rowOf(live: LiveAggregate): AggregateRow {
  const { aggregate, id, phase, depth, revision } = live
  const view = live.view()
  const state = view === undefined ? null : stateText(view.value)
  return { aggregate, id, phase, depth, revision: revision ?? null, state }
}

function fits({ name, text }: Search, aggregate: string, id: string): boolean {
  if (name !== null && name !== aggregate) return false
  return text === '' || streamOf(aggregate, id).toLowerCase().includes(text)
}

function orderOfLive(one: LiveAggregate, other: LiveAggregate): number {
  const quarantined = Number(other.phase === 'quarantined') - Number(one.phase === 'quarantined')
  return quarantined === 0 ? compare(one, other) : quarantined
}

function compare(one: Pick<AggregateRow, 'aggregate' | 'id'>, other: typeof one): number {
  if (one.aggregate !== other.aggregate) return one.aggregate < other.aggregate ? -1 : 1
  return one.id < other.id ? -1 : one.id > other.id ? 1 : 0
}

/** Keeps the first few of many without sorting all of them. */
class FirstOf<Item> {
  readonly #most: number
  readonly #order: (one: Item, other: Item) => number
  readonly #items: Item[] = []
  found = 0

  constructor(most: number, order: (one: Item, other: Item) => number) {
    this.#most = most
    this.#order = order
  }

  get items(): readonly Item[] {
    return this.#items
  }

  add(item: Item): void {
    this.found++
    const last = this.#items.at(-1)
    const full = this.#items.length === this.#most
    if (full && last !== undefined && this.#order(item, last) >= 0) return
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#order(this.#items[middle] as Item, item) <= 0) low = middle + 1
      else high = middle
    }
    this.#items.splice(low, 0, item)
    if (full) this.#items.pop()
  }
}
