import { aggregate, type Rejection, reject } from 'reenact'
import { assign, emit, setup } from 'xstate'
import { z } from 'zod'

// #region machine
type Command = { type: 'assign'; to: string } | { type: 'close' } | { type: 'reopen' } | { type: 'archive' }
type Fact =
  | { type: 'assigned'; to: string }
  | { type: 'closed' }
  | { type: 'reopened' }
  | { type: 'archived' }

export const ticketMachine = setup({
  types: {} as {
    context: { assignee: string; reopened: number }
    events: Command | Fact
    emitted: Fact | Rejection<'TooOften'>
  },
  guards: { isPatient: ({ context }) => context.reopened < 3 },
  actions: {
    setAssignee: assign((_, params: { to: string }) => ({ assignee: params.to })),
    countReopened: assign({ reopened: ({ context }) => context.reopened + 1 }),
    assigned: emit((_, params: { to: string }) => ({ type: 'assigned', to: params.to })),
    closed: emit({ type: 'closed' }),
    reopened: emit({ type: 'reopened' }),
    archived: emit({ type: 'archived' }),
    tooOften: reject('TooOften'),
  },
}).createMachine({
  id: 'ticket',
  context: { assignee: '', reopened: 0 },
  initial: 'open',
  states: {
    open: {
      on: {
        assign: { actions: { type: 'assigned', params: ({ event }) => event } },
        assigned: { actions: { type: 'setAssignee', params: ({ event }) => event } },
        close: { actions: 'closed' },
        closed: 'closed',
      },
    },
    closed: {
      on: {
        reopen: [{ guard: 'isPatient', actions: 'reopened' }, { actions: 'tooOften' }],
        reopened: { target: 'open', actions: 'countReopened' },
        archive: { actions: 'archived' },
        archived: 'archived',
      },
    },
    archived: { type: 'final' },
  },
})
// #endregion machine

// #region aggregate
export const ticket = aggregate({
  name: 'ticket',
  machine: ticketMachine,
  commands: { assign: z.object({ to: z.email() }), close: true, reopen: true, archive: true },
  events: { assigned: z.object({ to: z.string() }), closed: true, reopened: true, archived: true },
  rejections: { TooOften: 'a ticket is reopened three times at most: open another' },
})
// #endregion aggregate
