import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { pictures } from './diagrams.ts'

// Draws the pictures of the pages anew: `npm run diagrams`, after a change of a machine or of the drawing.
for (const { path, draw } of pictures) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, await draw())
}
