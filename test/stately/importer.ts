import { createRequire } from 'node:module'
import { build } from 'esbuild'

const here = createRequire(import.meta.url)

/** What Stately's importers make of a reference to a guard or an action. */
interface Reference {
  readonly kind: 'named' | 'inline'
  readonly type?: string
  readonly action?: { readonly type?: string; readonly params?: object }
}

type OneOrMany<T> = T | readonly T[]

export interface ImportedTransition {
  readonly target?: OneOrMany<string>
  readonly cond?: Reference
  readonly actions?: OneOrMany<Reference>
}

export interface ImportedState {
  readonly id?: string
  readonly states?: Readonly<Record<string, ImportedState>>
  readonly on?: Readonly<Record<string, OneOrMany<ImportedTransition>>>
  readonly entry?: OneOrMany<Reference>
}

interface Extractor {
  extractMachinesFromFile(source: string): {
    readonly machines: readonly { toConfig(): ImportedState | undefined }[]
  }
}

/**
 * Stately's own machine extractor, which their importers read sources with. It asks for xstate 4 by the name under
 * which xstate 5 is installed here, so the two are put together in one module.
 */
export async function statelyImporter(): Promise<(source: string) => ImportedState | undefined> {
  const { outputFiles } = await build({
    entryPoints: [here.resolve('@xstate/machine-extractor')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
    plugins: [
      {
        name: 'xstate-4',
        setup: ({ onResolve }) => {
          onResolve({ filter: /^xstate\/lib\// }, ({ path }) => ({
            path: here.resolve(`${path.replace('xstate', 'xstate4')}.js`),
          }))
        },
      },
    ],
  })
  const module = { exports: {} as Extractor }
  new Function('module', 'exports', 'require', outputFiles[0]?.text ?? '')(module, module.exports, here)
  return (source) => module.exports.extractMachinesFromFile(source).machines[0]?.toConfig()
}
