import { Shared } from './shared.ts'

/** Where the page is; the address holds it behind `#`, so that it can be kept, sent and gone back to. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'aggregates' }
  | {
      readonly page: 'aggregate'
      readonly aggregate: string
      readonly id: string
      /** `undefined`: the newest, whichever that is. */
      readonly revision: number | undefined
    }
  | { readonly page: 'log' }
  | { readonly page: 'trouble' }

export function addressOfRoute(route: Route): string {
  switch (route.page) {
    case 'overview':
      return '#/'
    case 'aggregate': {
      const { aggregate, id, revision } = route
      const at = revision === undefined ? '' : `@${revision}`
      return `#/aggregates/${encodeURIComponent(aggregate)}/${encodeURIComponent(id)}${at}`
    }
    default:
      return `#/${route.page}`
  }
}

export function routeOf(address: string): Route {
  const [page, aggregate, rest] = address.replace(/^#?\/?/, '').split('/')
  if (page === 'log' || page === 'trouble') return { page }
  if (page !== 'aggregates') return { page: 'overview' }
  if (aggregate === undefined || rest === undefined) return { page: 'aggregates' }
  // An id may hold `@`, but encoded.
  const [id = '', at] = rest.split('@')
  const revision = at !== undefined && /^-?\d{1,15}$/.test(at) ? Number(at) : undefined
  return { page: 'aggregate', aggregate: decoded(aggregate), id: decoded(id), revision }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

export const route = new Shared<Route>(routeOf(location.hash))

addEventListener('hashchange', () => route.set(routeOf(location.hash)))

/** Goes there without a new step in the browser's history: for what changes with every move of a slider. */
export function replaceRoute(to: Route): void {
  history.replaceState(null, '', addressOfRoute(to))
  route.set(to)
}
