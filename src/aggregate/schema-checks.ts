import type { Schemas } from './schemas.ts'
export type ContextCheck<C> = C
export type ModelSchemasCheck<S extends Schemas, Other extends Schemas> = [S, Other] extends [never, never]
  ? never
  : S
