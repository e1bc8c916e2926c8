import type { Finding } from '../../errors.ts'
import type { ChartNode } from '../../machine/chart.ts'
import { pathOf, type Site } from './sites.ts'
import { error, type Subject, warning } from './subject.ts'

export function delays({ chart }: Subject): readonly Finding[] {
  return chart.nodes.flatMap((node) =>
    [...node.after.keys()].map((delay) =>
      error(
        'after',
        `${pathOf(chart, node)}.after.${delay}`,
        'nobody would fire `after`: the deadlines of an aggregate are not durable yet',
        'send a command when the time has come',
      ),
    ),
  )
}

export function invokes({ chart }: Subject): readonly Finding[] {
  return chart.nodes.flatMap((node) =>
    node.invoke.map(({ source }) =>
      error(
        'invoke',
        `${pathOf(chart, node)}.invoke`,
        `it invokes '${source}', and Reenact runs no effects in a machine`,
        'react to the domain event that leads here, and send what comes of it as a command',
      ),
    ),
  )
}

/** xstate's `route` waits for an event that nobody sends. */
export function routes({ chart }: Subject): readonly Finding[] {
  return chart.nodes.flatMap((node) =>
    [...node.transitions.keys()]
      .filter((descriptor) => descriptor.startsWith('xstate.route'))
      .map(() =>
        error(
          'route',
          `${pathOf(chart, node)}.route`,
          'a route is a jump from outside, and states change by domain events only',
          'let a command emit a domain event whose target this is',
        ),
      ),
  )
}

/** After its final state an aggregate answers `Done`, whatever the root would handle. */
export function deadRoot({ chart, sites }: Subject): readonly Finding[] {
  const ends = chart.root.children.filter((child) => child.kind === 'final')
  return ends.length === 0
    ? []
    : sites
        .filter((site) => site.node === chart.root && site.type !== undefined)
        .map((site) =>
          warning(
            'dead-after-final',
            site.path,
            `'${site.type}' is not handled in the final state (${ends.map(({ key }) => key).join(', ')}): nothing is`,
            'make that state an ordinary one, or mind that commands are answered with Done there',
          ),
        )
}

/** One command emits once for each region that handles it. */
export function doubledEmits({ sites }: Subject): readonly Finding[] {
  const commands = sites.filter((site) => site.kind === 'command')
  return commands.flatMap((site, index) =>
    commands.slice(0, index).flatMap((earlier) => {
      if (earlier.type !== site.type || !inParallel(earlier.node, site.node)) return []
      const types = eventTypes(earlier)
      return [...eventTypes(site)]
        .filter((type) => types.has(type))
        .map((type) =>
          warning(
            'doubled-emit',
            site.path,
            `'${site.type}' emits '${type}' here and in a parallel region (${earlier.path}): it is stored twice where both are active`,
            'emit it in one region, or handle the command in their parent',
          ),
        )
    }),
  )
}

function eventTypes(site: Site): ReadonlySet<string> {
  return new Set(site.emits.flatMap(({ learnt }) => (learnt.kind === 'event' ? [learnt.type] : [])))
}

/** Whether two nodes are in different regions of one parallel node. */
function inParallel(one: ChartNode, other: ChartNode): boolean {
  const above = lineOf(one)
  const below = lineOf(other)
  let fork = 0
  while (fork < above.length && above[fork] === below[fork]) fork++
  return above[fork] !== undefined && below[fork] !== undefined && above[fork]?.parent?.kind === 'parallel'
}

function lineOf(node: ChartNode): readonly ChartNode[] {
  return node.parent === undefined ? [node] : [...lineOf(node.parent), node]
}
