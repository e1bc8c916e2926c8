import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { bundledReplay } from '../simulation-program.ts'
import type { Bug } from './bugs.ts'
import { sowing } from './sow.ts'

/** Runs one schedule on a runtime with the bug, and shrinks it. @returns the exit code. */
export async function replayWithBug(bug: Bug, seed: number): Promise<number> {
  console.log(`With the bug '${bug.name}':`)
  const program = await bundledReplay([sowing(bug)])
  const [code] = await once(spawn(process.execPath, [program, String(seed)], { stdio: 'inherit' }), 'close')
  await rm(program)
  return Number(code)
}
