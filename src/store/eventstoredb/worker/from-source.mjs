// Loads the worker from its TypeScript source, for tests and for `npm start` in the repository. Not in the package.
import { register } from 'tsx/esm/api'

register()
await import('./main.ts')
