import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { shippedStatement, syntheticStatement } from './synthetic-statement.ts'

// Makes the statement that the repository ships: `npm run statement`. The test of the bank compares the two.
const content = syntheticStatement()
const packed = gzipSync(content, { level: 9 })
writeFileSync(shippedStatement, packed)
console.log(
  `${fileURLToPath(shippedStatement)}: ${content.trimEnd().split('\n').length - 1} rows, ${packed.length} bytes`,
)
