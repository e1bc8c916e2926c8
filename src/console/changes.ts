import type { JsonObject, JsonValue } from '../event/json.ts'
import type { Change } from './wire.ts'

type Path = Change['path']

/** Every place where two values differ, in the order of the newer one; an added or lost branch is one change. */
export function changesOf(before: JsonValue, after: JsonValue): readonly Change[] {
  const changes: Change[] = []
  compare(before, after, [], changes)
  return changes
}

function compare(before: JsonValue, after: JsonValue, path: Path, changes: Change[]): void {
  if (before === after) return
  if (Array.isArray(before) && Array.isArray(after)) compareLists(before, after, path, changes)
  else if (isObject(before) && isObject(after)) compareObjects(before, after, path, changes)
  else changes.push({ path, before, after })
}

function compareLists(
  before: readonly JsonValue[],
  after: readonly JsonValue[],
  path: Path,
  changes: Change[],
): void {
  for (const [index, value] of after.entries()) {
    const inner = [...path, index]
    if (index < before.length) compare(before[index] as JsonValue, value, inner, changes)
    else changes.push({ path: inner, after: value })
  }
  for (const [index, value] of before.entries()) {
    if (index >= after.length) changes.push({ path: [...path, index], before: value })
  }
}

function compareObjects(before: JsonObject, after: JsonObject, path: Path, changes: Change[]): void {
  for (const [key, value] of Object.entries(after)) {
    if (value === undefined) continue
    const inner = [...path, key]
    const old = Object.hasOwn(before, key) ? before[key] : undefined
    if (old === undefined) changes.push({ path: inner, after: value })
    else compare(old, value, inner, changes)
  }
  for (const [key, value] of Object.entries(before)) {
    if (value === undefined || (Object.hasOwn(after, key) && after[key] !== undefined)) continue
    changes.push({ path: [...path, key], before: value })
  }
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
