import { createMachine, emit } from 'xstate'

const helper = (target: string) => ({ on: { Go: target }, target })
const named = { on: { Stay: {} } }
const common = { on: { Leave: 'first' } }
const key = 'computed'
const go = { target: 'first' }
const made = (target: string) => ({ target })

export const lossy = createMachine({
  id: 'lossy',
  initial: 'first',
  states: {
    first: helper('second'),
    second: named,
    third: { ...common, entry: emit({ type: 'Entered' }) },
    fourth: {
      on: {
        Kept: go,
        Made: made('first'),
        [`${key}1`]: 'first',
        Named: { guard: 'may', actions: ['log', { type: 'log', params: { text: 'x' } }] },
        Inline: { guard: () => true, actions: [emit({ type: 'Done' })] },
        Computed: { actions: { type: 'log', params: () => ({ text: 'x' }) } },
        [`plain`]: 'first',
      },
      after: { 100: `first` },
    },
    fifth: {} satisfies object,
  },
})
