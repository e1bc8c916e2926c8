/** A state as it is written for xstate, or as Stately's extractor gives it back: `cond` and named references there. */
type Written = Readonly<Record<string, unknown>>

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value]

/** One line for each state and each transition of a machine, so that two readings of it can be compared. */
export function linesOf(machine: unknown): readonly string[] {
  return stateLines(machine as Written, '').sort()
}

function stateLines(state: Written, path: string): string[] {
  const at = (key: string): string => (path === '' ? key : `${path}.${key}`)
  const lines = listOf(state['entry']).map((action) => `${at('entry')} ${reference(action)}`)
  for (const kind of ['on', 'after']) {
    for (const [key, written] of Object.entries((state[kind] ?? {}) as Written)) {
      lines.push(...transitionLines(written, at(`${kind}.${key}`)))
    }
  }
  for (const kind of ['always', 'onDone']) {
    if (state[kind] !== undefined) lines.push(...transitionLines(state[kind], at(kind)))
  }
  for (const [key, inner] of Object.entries((state['states'] ?? {}) as Written)) {
    const { type = '', initial = '' } = inner as Written
    lines.push(
      `${at(key)} state ${String(type)} ${String(initial)}`,
      ...stateLines(inner as Written, at(key)),
    )
  }
  return lines
}

function transitionLines(written: unknown, path: string): readonly string[] {
  return listOf(written).map((each, index) => {
    const transition = (typeof each === 'string' ? { target: each } : each) as Written
    const targets = listOf(transition['target']).join(', ')
    const guard = transition['guard'] ?? transition['cond']
    const guarded = guard === undefined ? '' : ` [${reference(guard)}]`
    const actions = listOf(transition['actions']).map(reference).join(', ')
    return `${path}[${index}] -> ${targets}${guarded} / ${actions}`
  })
}

/** A guard or an action by its name and params. */
function reference(written: unknown): string {
  if (typeof written === 'string') return written
  if (typeof written === 'function') return 'inline'
  const { kind, action, ...own } = written as Written
  if (kind === 'inline') return 'inline'
  const { type, params } = (action ?? own) as Written
  const isComputed = typeof params === 'function' || (kind === 'named' && params === undefined)
  if (isComputed) return `${String(type)} (computed)`
  const shown = params === undefined ? '{}' : JSON.stringify(params)
  return shown === '{}' ? String(type) : `${String(type)} ${shown}`
}
