import type { JsonValue } from '../../../event/json.ts'
import type { Change, Step } from '../../wire.ts'
import { Leaf } from './json-tree.tsx'

/** What an event changed. */
export function ChangeList({ changes, moreChanges, before, after }: Step) {
  const moved = before !== null && before.text !== after.text
  if (changes.length === 0 && !moved) {
    return <p class="soft">{before === null ? 'Before any event.' : 'This event changed nothing.'}</p>
  }
  return (
    <ul class="changes">
      {moved ? (
        <li>
          <span class="key">state</span> <span class="soft">{before.text}</span> → <b>{after.text}</b>
        </li>
      ) : null}
      {changes.map((change) => (
        <li key={JSON.stringify(change.path)}>
          <span class="key">{pathText(change.path)}</span> <Changed {...change} />
        </li>
      ))}
      {moreChanges > 0 ? <li class="soft">and {moreChanges} more</li> : null}
    </ul>
  )
}

function Changed({ before, after }: Change) {
  const difference =
    typeof before === 'number' && typeof after === 'number' ? ` (${signed(after - before)})` : ''
  return (
    <>
      {before === undefined ? <span class="soft">new</span> : <Short value={before} />} →{' '}
      {after === undefined ? <span class="soft">gone</span> : <Short value={after} />}
      <span class="soft">{difference}</span>
    </>
  )
}

function Short({ value }: { readonly value: JsonValue }) {
  if (typeof value !== 'object' || value === null) return <Leaf value={value} />
  const size = Array.isArray(value) ? value.length : Object.keys(value).length
  return <code class="leaf">{Array.isArray(value) ? `[${size}]` : `{${size}}`}</code>
}

function signed(difference: number): string {
  return `${difference > 0 ? '+' : ''}${Number(difference.toPrecision(12))}`
}

function pathText(path: Change['path']): string {
  return path.length === 0 ? 'context' : path.join('.')
}
