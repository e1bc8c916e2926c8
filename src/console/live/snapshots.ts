import type { Source } from './source.ts'

/** Shows a thing as it stands, whenever it differs from what this reader saw last. */
export function snapshots(name: string, everyBeats: number, look: () => unknown | Promise<unknown>): Source {
  let last: string | undefined
  return {
    everyBeats,
    async take() {
      const json = JSON.stringify(await look())
      if (json === last) return undefined
      last = json
      return { name, json }
    },
    close() {},
  }
}
