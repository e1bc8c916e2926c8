import type * as Candidate from '../../../src/machine/compiled/candidate.ts'
import type * as Completion from '../../../src/machine/compiled/completion.ts'
import type * as ConfigurationModule from '../../../src/machine/compiled/configuration.ts'
import type * as Conflicts from '../../../src/machine/compiled/conflicts.ts'
import type * as Domain from '../../../src/machine/compiled/domain.ts'
import type * as EntrySet from '../../../src/machine/compiled/entry-set.ts'
import type * as ExitSet from '../../../src/machine/compiled/exit-set.ts'
import type * as GuardModule from '../../../src/machine/compiled/guard.ts'
import type * as History from '../../../src/machine/compiled/history.ts'
import type * as OperationModule from '../../../src/machine/compiled/operation.ts'
import type * as Parameters from '../../../src/machine/compiled/parameters.ts'
import type * as SelectorModule from '../../../src/machine/compiled/selector.ts'
import type * as StepModule from '../../../src/machine/compiled/step.ts'

/** A mistake that somebody could make in the compiler: some exports of one of its modules, replaced. */
export interface Mutant {
  readonly mistake: string
  readonly module: string
  readonly mutate: (original: never) => object
}

function mutant<Module>(
  module: string,
  mistake: string,
  mutate: (original: Module) => Partial<Module>,
): Mutant {
  return { mistake, module: `../../../src/machine/compiled/${module}.ts`, mutate }
}

export const mutants: readonly Mutant[] = [
  mutant<typeof Domain>('domain', 'reenter is ignored', ({ domainOf }) => ({
    domainOf: (transition, history) => domainOf({ ...transition, reenter: false }, history),
  })),
  mutant<typeof Domain>('domain', 'a history state always leads to its defaults', ({ effectiveTargets }) => ({
    effectiveTargets: (targets) => effectiveTargets(targets, new Map()),
  })),
  mutant<typeof ExitSet>('exit-set', 'the outermost state is left first', ({ exitSet }) => ({
    exitSet: (...args) => [...exitSet(...args)].reverse(),
  })),
  mutant<typeof ExitSet>('exit-set', 'a transition without a target leaves its source', ({ exitSet }) => ({
    exitSet: (transitions, ...rest) =>
      exitSet(
        transitions.map((each) => (each.targets === undefined ? { ...each, targets: [each.source] } : each)),
        ...rest,
      ),
  })),
  mutant<typeof Conflicts>('conflicts', 'transitions that exclude each other are all taken', () => ({
    withoutConflicts: (enabled) => enabled,
  })),
  mutant<typeof Conflicts>(
    'conflicts',
    'the last of two conflicting transitions wins',
    ({ withoutConflicts }) => ({
      withoutConflicts: (enabled, ...rest) => withoutConflicts([...enabled].reverse(), ...rest),
    }),
  ),
  mutant<typeof EntrySet>('entry-set', 'initial actions never run', ({ entrySet }) => ({
    entrySet: (...args) => ({ ...entrySet(...args), byDefault: new Set() }),
  })),
  mutant<typeof EntrySet>('entry-set', 'initial actions run wherever a state is entered', ({ entrySet }) => ({
    entrySet: (...args) => {
      const { entered } = entrySet(...args)
      return { entered, byDefault: new Set(entered) }
    },
  })),
  mutant<typeof EntrySet>('entry-set', 'the innermost state is entered first', ({ entrySet }) => ({
    entrySet: (...args) => {
      const { entered, byDefault } = entrySet(...args)
      return { entered: [...entered].reverse(), byDefault }
    },
  })),
  mutant<typeof History>('history', 'history is never recorded', () => ({
    historyAfter: (_exited, _active, history) => history,
  })),
  mutant<typeof History>('history', 'shallow history remembers leaves', ({ historyAfter }) => ({
    historyAfter: (exited, active, history) =>
      historyAfter(
        exited,
        active.filter((node) => node.kind === 'atomic' || node.kind === 'final'),
        history,
      ),
  })),
  mutant<typeof Candidate>(
    'candidate',
    'wildcards do not catch what a guard let through',
    ({ candidatesOf }) => ({
      candidatesOf: (node, type) =>
        node.transitions.has(type) ? (node.transitions.get(type) ?? []) : candidatesOf(node, type),
    }),
  ),
  mutant<typeof Candidate>('candidate', 'the shortest wildcard is asked first', ({ candidatesOf }) => ({
    candidatesOf: (node, type) => {
      const exact = node.transitions.get(type) ?? []
      return [...exact, ...candidatesOf(node, type).slice(exact.length).reverse()]
    },
  })),
  mutant<typeof Completion>('completion', 'a machine is never done', ({ complete }) => ({
    complete: (...args) => {
      complete(...args)
      return false
    },
  })),
  mutant<typeof Completion>('completion', 'nobody is told that a nested state is done', ({ complete }) => ({
    complete: (chart, node, active, completed) =>
      complete(chart, node, active, completed, { operations: [] }),
  })),
  mutant<typeof GuardModule>('guard', '`or` is taken for `and`', ({ compileGuard }) => ({
    compileGuard: (chart, guard) =>
      compileGuard(chart, guard.kind === 'or' ? { ...guard, kind: 'and' } : guard),
  })),
  mutant<typeof GuardModule>('guard', '`not` is forgotten', ({ compileGuard }) => ({
    compileGuard: (chart, guard) =>
      compileGuard(chart, guard.kind === 'not' ? { ...guard, kind: 'and' } : guard),
  })),
  mutant<typeof GuardModule>('guard', '`stateIn` always holds', ({ compileGuard }) => ({
    compileGuard: (chart, guard) => (guard.kind === 'stateIn' ? () => true : compileGuard(chart, guard)),
  })),
  mutant<typeof Parameters>('parameters', 'computed params are forgotten', ({ parametersOf }) => ({
    parametersOf: (params) => (params.kind === 'computed' ? undefined : parametersOf(params)),
  })),
  mutant<typeof OperationModule>('operation', 'actions run in reverse', ({ compileOperations }) => ({
    compileOperations: (actions) => compileOperations([...actions].reverse()),
  })),
  mutant<typeof OperationModule>(
    'operation',
    'every assign of a list reads the context before it',
    (original) => ({
      compileOperations: (actions) => {
        const operations = original.compileOperations(actions)
        if (operations === 'emits') return operations
        return operations.map((operation, index) =>
          operation.kind === 'assign' && index > 0
            ? {
                ...operation,
                run: (context, event, residue) => ({
                  ...Object(context),
                  ...Object(operation.run({ n: 0, log: [] }, event, residue)),
                }),
              }
            : operation,
        )
      },
    }),
  ),
  mutant<typeof OperationModule>('operation', 'the output of a final state is lost', ({ doneEvent }) => ({
    doneEvent: (id) => doneEvent(id, { kind: 'none' }),
  })),
  mutant<typeof OperationModule>('operation', 'a command may do more than emit', ({ compileEmits }) => ({
    compileEmits: (actions) => compileEmits(actions.filter((action) => action.kind === 'emit')),
  })),
  mutant<typeof SelectorModule>('selector', 'only the first region answers', ({ allEnabled }) => ({
    allEnabled: (...args) => allEnabled(...args).slice(0, 1),
  })),
  mutant<typeof SelectorModule>('selector', '`always` of a parent is forgotten', ({ alwaysOf }) => ({
    alwaysOf: (configuration, compiled) =>
      alwaysOf(configuration, compiled)
        .map((choices) => choices.filter(({ candidate }) => candidate.chart.source.children.length === 0))
        .filter((choices) => choices.length > 0),
  })),
  mutant<typeof SelectorModule>('selector', 'a candidate is taken whatever its guard says', () => ({
    firstEnabled: (choices) => choices[0],
  })),
  mutant<typeof StepModule>('step', 'what follows of a step is forgotten', ({ stepOf }) => ({
    stepOf: (...args) => {
      const step = stepOf(...args)
      return step.kind === 'full' ? { ...step, kind: 'plain' } : step
    },
  })),
  mutant<typeof StepModule>('step', 'an assign that moves nothing is no change', ({ stepOf }) => ({
    stepOf: (...args) => {
      const step = stepOf(...args)
      const [, , from] = args
      return { ...step, isChange: step.next !== from }
    },
  })),
  mutant<typeof StepModule>('step', 'an event may emit', ({ stepOf }) => ({
    stepOf: (...args) => {
      const step = stepOf(...args)
      return step.kind === 'foreign' ? { ...step, kind: 'full' } : step
    },
  })),
  mutant<typeof ConfigurationModule>(
    'configuration',
    'the order in which states were entered is forgotten',
    ({ ConfigurationTable }) => ({
      ConfigurationTable: class extends ConfigurationTable {
        override intern(parts: ConfigurationModule.ConfigurationParts): ConfigurationModule.Configuration {
          return super.intern({ ...parts, nodes: [...parts.nodes].sort((a, b) => a.order - b.order) })
        }
      },
    }),
  ),
  mutant<typeof ConfigurationModule>(
    'configuration',
    'configurations of another history are taken for the same',
    ({ ConfigurationTable }) => ({
      ConfigurationTable: class extends ConfigurationTable {
        readonly #first = new Map<string, ConfigurationModule.Configuration>()
        override intern(parts: ConfigurationModule.ConfigurationParts): ConfigurationModule.Configuration {
          const key = `${parts.status} ${parts.nodes.map(({ id }) => id).join()}`
          const known = this.#first.get(key) ?? super.intern(parts)
          this.#first.set(key, known)
          return known
        }
      },
    }),
  ),
]
