// One seed as a program of its own, for a bundle with a bug: see bugs/replay-with-bug.ts.
import { replay } from './replay.ts'

process.exitCode = await replay(Number(process.argv[2]))
