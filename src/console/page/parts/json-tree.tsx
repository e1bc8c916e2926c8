import { useState } from 'preact/hooks'
import type { JsonValue } from '../../../event/json.ts'

interface JsonTreeProps {
  readonly value: JsonValue
  /** Paths, as JSON, that are to be marked. */
  readonly marked?: ReadonlySet<string>
}

/** So deep it is open at first. */
const openDepth = 2
const mostShown = 100

/** A JSON value, branch by branch. */
export function JsonTree({ value, marked = new Set() }: JsonTreeProps) {
  const branches = branchesOf(value)
  if (branches === undefined) return <Leaf value={value} />
  if (branches.length === 0) return <p class="soft">{Array.isArray(value) ? '[ ]' : '{ }'}</p>
  return <Branches branches={branches} path={[]} marked={marked} />
}

type Path = readonly (string | number)[]
type Branch = readonly [key: string | number, value: JsonValue]

function branchesOf(value: JsonValue): readonly Branch[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).map((item, index) => [index, item] as const)
  return Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, inner] as const]))
}

interface BranchesProps {
  readonly branches: readonly Branch[]
  readonly path: Path
  readonly marked: ReadonlySet<string>
}

function Branches({ branches, path, marked }: BranchesProps) {
  const [most, setMost] = useState(mostShown)
  return (
    <ul class="tree">
      {branches.slice(0, most).map(([key, value]) => (
        <Node key={key} name={key} value={value} path={[...path, key]} marked={marked} />
      ))}
      {branches.length > most ? (
        <li>
          <button type="button" class="quiet" onClick={() => setMost(most * 10)}>
            {branches.length - most} more
          </button>
        </li>
      ) : null}
    </ul>
  )
}

interface NodeProps {
  readonly name: string | number
  readonly value: JsonValue
  readonly path: Path
  readonly marked: ReadonlySet<string>
}

function Node({ name, value, path, marked }: NodeProps) {
  const branches = branchesOf(value)
  const look = marked.has(JSON.stringify(path)) ? 'changed' : undefined
  if (branches === undefined || branches.length === 0) {
    return (
      <li class={look}>
        <span class="key">{name}</span> <Leaf value={value} />
      </li>
    )
  }
  return (
    <li class={look}>
      <details open={path.length < openDepth || holdsMarked(path, marked)}>
        <summary>
          <span class="key">{name}</span>{' '}
          <span class="soft">{Array.isArray(value) ? `[${branches.length}]` : `{${branches.length}}`}</span>
        </summary>
        <Branches branches={branches} path={path} marked={marked} />
      </details>
    </li>
  )
}

function holdsMarked(path: Path, marked: ReadonlySet<string>): boolean {
  const start = `${JSON.stringify(path).slice(0, -1)},`
  return [...marked].some((other) => other.startsWith(start))
}

/** A value on one line. */
export function Leaf({ value }: { readonly value: JsonValue }) {
  const kind = value === null ? 'null' : typeof value
  return <code class={`leaf ${kind}`}>{JSON.stringify(value)}</code>
}
