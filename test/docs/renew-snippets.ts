import { writeFileSync } from 'node:fs'
import { pages, renewed } from './snippets.ts'

// Writes today's code into the pages: `npm run snippets`, after a change of the files that they are cut from.
for (const page of pages()) writeFileSync(page, renewed(page))
