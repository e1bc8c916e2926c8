/** The stages of a command's way, in its order, each with the files that it is made of. */
const stages: readonly (readonly [stage: string, files: RegExp])[] = [
  ['the caller: its loop, its promise', /bench\/load|bench\/cases|task_queues|runMicrotasks/],
  ['validate the command', /command-gate|check-payload|payload-copy|actors\/request|\/zod\//],
  [
    'ask: entry, timeout, find the actor',
    /actors\/(reference|entry|registry|timeouts|deadline-list|command-ids|fingerprint)|src\/runtime/,
  ],
  ['mailbox, remembered commands', /actors\/(mailbox|command-mailbox|window|many-commands)/],
  ['turns: run queue, nact', /actors\/(run-queue|nact|supervisor)|node_modules\/nact|internal\/timers/],
  ['decide: order of the rules', /aggregate\/(running|duplicates)|aggregate\/aggregate-actor/],
  ['decide: the machine', /src\/machine|bench\/account|defined-behaviour|src\/aggregate\/model/],
  ['encode the events', /event-forms?\.|json-walk/],
  ['append: writer, ids, verdict', /event-writer|aggregate\/appends|event-id|head-check|snapshots/],
  ['the store', /src\/store|node:buffer|lmdb|msgpackr/],
  ['answer the caller', /aggregate\/answers/],
]

const garbageCollection = 'garbage collection'
const rest = 'everything else'

export const stageNames: readonly string[] = [...stages.map(([stage]) => stage), garbageCollection, rest]

/** Where a function belongs; undefined: nothing ran. */
export function stageOf(frame: { readonly functionName: string; readonly url: string }): string | undefined {
  if (frame.functionName === '(idle)' || frame.functionName === '(root)') return undefined
  if (frame.functionName === '(garbage collector)') return garbageCollection
  const where = frame.url === '' ? frame.functionName : frame.url
  // What the schema library compiles for itself has no file.
  if (where === '') return 'validate the command'
  return stages.find(([, files]) => files.test(where))?.[0] ?? rest
}
