import type { Chart } from '../chart.ts'
import { type KnownTypes, knownTypesOf } from '../event-descriptor.ts'
import type { Message } from '../message.ts'
import { type CompiledCandidate, compileCandidates } from './candidate.ts'
import { type Configuration, ConfigurationTable } from './configuration.ts'
import {
  allEnabled,
  alwaysOf,
  type Choice,
  firstEnabled,
  noSelector,
  type Selector,
  selectorOf,
} from './selector.ts'
import { type Step, stepOf } from './step.ts'

const nobody: readonly Choice[] = []

/** A compiled machine: asks once who answers an event and what a step does, and remembers it. */
export class Program {
  readonly known: KnownTypes
  readonly table: ConfigurationTable
  readonly #chart: Chart
  readonly #compiled: ReturnType<typeof compileCandidates>
  /** What some node names: only these types are worth remembering. */
  readonly #internalTypes: ReadonlySet<string>

  constructor(chart: Chart) {
    this.known = knownTypesOf(chart)
    this.table = new ConfigurationTable(chart)
    this.#chart = chart
    this.#compiled = compileCandidates(chart)
    this.#internalTypes = new Set(chart.nodes.flatMap((node) => [...node.transitions.keys()]))
  }

  /** Who answers an event from outside. */
  selector(configuration: Configuration, type: string): Selector {
    return configuration.selectors.get(type) ?? this.#newSelector(configuration, type)
  }

  #newSelector(configuration: Configuration, type: string): Selector {
    if (!this.known.has(type)) return noSelector
    const selector = selectorOf(this.#chart.root, configuration, type, this.#compiled)
    if (this.known.named.has(type)) configuration.selectors.set(type, selector)
    return selector
  }

  /** Who answers an event that the machine sent itself. */
  internalSelector(configuration: Configuration, type: string): Selector {
    let selector = configuration.internalSelectors.get(type)
    if (selector === undefined) {
      selector = selectorOf(this.#chart.root, configuration, type, this.#compiled)
      if (this.#internalTypes.has(type)) configuration.internalSelectors.set(type, selector)
    }
    return selector
  }

  /** The transitions of `always` that are enabled, each once. */
  enabledAlways(configuration: Configuration, context: unknown, event: Message): readonly Choice[] {
    configuration.always ??= alwaysOf(configuration, this.#compiled)
    const { always } = configuration
    if (always.length === 0) return nobody
    const enabled = new Map<CompiledCandidate, Choice>()
    for (const choices of always) {
      const choice = firstEnabled(choices, configuration, context, event)
      if (choice !== undefined && !enabled.has(choice.candidate)) enabled.set(choice.candidate, choice)
    }
    return [...enabled.values()]
  }

  /** What an event from outside leads to; undefined where nothing is enabled. */
  stepFor(
    selector: Selector,
    configuration: Configuration,
    context: unknown,
    event: Message,
  ): Step | undefined {
    if (selector.branches.length > 0) {
      const enabled = allEnabled(selector, configuration, context, event)
      return enabled.length === 0 ? undefined : this.step(configuration, enabled)
    }
    const choice = firstEnabled(selector.choices, configuration, context, event)
    if (choice === undefined) return undefined
    return choice.step ?? this.#stepOfOne(configuration, choice)
  }

  /** What it leads to when these are taken together. */
  step(configuration: Configuration, enabled: readonly Choice[]): Step {
    const [only] = enabled
    if (only !== undefined && enabled.length === 1) return only.step ?? this.#stepOfOne(configuration, only)
    let tree = configuration.steps
    for (const { candidate } of enabled) {
      let next = tree.next.get(candidate)
      if (next === undefined) {
        next = { step: undefined, next: new Map() }
        tree.next.set(candidate, next)
      }
      tree = next
    }
    if (tree.step !== undefined) return tree.step
    const step = this.#newStep(configuration, enabled)
    if (step.next.isInterned) tree.step = step
    return step
  }

  #stepOfOne(configuration: Configuration, choice: Choice): Step {
    const step = this.#newStep(configuration, [choice])
    // To remember the way to a configuration that is not worth remembering would keep it.
    if (step.next.isInterned) choice.step = step
    return step
  }

  #newStep(configuration: Configuration, enabled: readonly Choice[]): Step {
    return stepOf(
      this.#chart,
      this.table,
      configuration,
      enabled.map(({ candidate }) => candidate.chart),
    )
  }
}
