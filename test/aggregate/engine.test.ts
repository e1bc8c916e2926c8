import { expect, test } from 'vitest'
import { behaviour } from '../../src/aggregate/aggregate-type.ts'
import { aggregate } from '../../src/aggregate/index.ts'
import { accountMachine, bank } from './bank.ts'

test('a definition may ask for xstate itself instead of the compiled engine, and decides alike', () => {
  const compiled = aggregate({ ...bank, name: 'account', machine: accountMachine })
  const interpreted = aggregate({ ...bank, name: 'account', machine: accountMachine, engine: 'interpreted' })
  expect(compiled.engine).toEqual({ kind: 'compiled' })
  expect(interpreted.engine).toEqual({ kind: 'interpreted', reason: 'the definition asks for it.' })
  expect(interpreted.structureHash).toBe(compiled.structureHash)
  const answers = [compiled, interpreted].map((definition) => {
    const { initial, decide, view } = bindingOf(definition[behaviour])
    const opened = decide(initial('alice'), { type: 'Open', owner: 'Alice', overdraft: 0 })
    if (opened.status !== 'accepted') throw new Error(opened.status)
    return { events: opened.events, value: view(opened.state).value, context: view(opened.state).context }
  })
  expect(answers[0]).toEqual(answers[1])
})

type Behaviour = ReturnType<typeof aggregate>[typeof behaviour]

function bindingOf(of: Behaviour) {
  return {
    initial: (id: string) => of.initial(id),
    decide: (
      state: ReturnType<Behaviour['initial']>,
      command: { type: string; owner: string; overdraft: number },
    ) => of.decide('alice', state, command, 1_000),
    view: (state: ReturnType<Behaviour['initial']>) => of.view(state),
  }
}
