import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Bug } from './bugs.ts'

/** The file with the bug in it. @throws where the code to be changed is not there exactly once. */
export function withBug(bug: Bug): string {
  const text = readFileSync(bug.file, 'utf8')
  const places = text.split(bug.find).length - 1
  if (places !== 1) {
    throw new Error(
      `The bug '${bug.name}' finds its code ${places} times in ${bug.file}. The code has changed: let the bug follow it.`,
    )
  }
  return text.replace(bug.find, () => bug.replace)
}

/**
 * Copies the library and its simulation, and puts the bug into the copy.
 * @returns the directory of the copied simulation.
 */
export function sown(bug: Bug, place: string): string {
  const directory = join(place, bug.name.replaceAll(/\W+/g, '-'))
  rmSync(directory, { recursive: true, force: true })
  mkdirSync(directory, { recursive: true })
  for (const part of ['src', 'actors', 'test/simulation', 'package.json', 'tsconfig.json']) {
    cpSync(part, join(directory, part), { recursive: true })
  }
  writeFileSync(join(directory, bug.file), withBug(bug))
  return join(directory, 'test/simulation/')
}
