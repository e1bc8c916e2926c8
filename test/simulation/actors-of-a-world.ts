import { createRequire } from 'node:module'

/** nact keeps each of its systems by name until it is stopped; a killed process would have taken its own with it. */
const systems = createRequire(import.meta.url)('nact/lib/system-map.js') as {
  add(system: { readonly name: string }): void
  remove(name: string): void
}

/** Notes the actor systems that begin from now on; disposing forgets those that nobody stopped. */
export function actorsOfAWorld(): Disposable {
  const { add } = systems
  const begun: string[] = []
  systems.add = (system) => {
    begun.push(system.name)
    add(system)
  }
  return {
    [Symbol.dispose]: () => {
      systems.add = add
      for (const name of begun) systems.remove(name)
    },
  }
}
