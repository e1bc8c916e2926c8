import { describe, expect, test } from 'vitest'
import { bugs } from './bugs.ts'
import { withBug } from './sow.ts'

// That the simulation finds them is shown by `npm run simulate -- --bugs`.
describe('bugs to be sown', () => {
  test.each(bugs.map((bug) => [bug.name, bug] as const))(
    '%s: still has its place in the code',
    (_name, bug) => {
      expect(withBug(bug)).toContain(bug.replace)
    },
  )

  test('have names of their own', () => {
    expect(new Set(bugs.map(({ name }) => name)).size).toBe(bugs.length)
  })
})
