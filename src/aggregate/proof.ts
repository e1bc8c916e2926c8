import { freezingOfEnvironment } from '../machine/deep-freeze.ts'

/**
 * Whether each decision is proven to survive storage: that schemas give their own output back, and that contexts are
 * JSON. It about doubles the cost of a decision, so like frozen contexts it is for development and tests.
 */
export type Proof = 'proven' | 'trusted'

export function proofOfEnvironment(): Proof {
  return freezingOfEnvironment() === 'frozen' ? 'proven' : 'trusted'
}
