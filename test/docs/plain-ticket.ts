import { assign, setup } from 'xstate'

export const mails: string[] = []
const sendMail = (to: string): void => void mails.push(to)

// #region plain
export const plainTicket = setup({
  types: {} as {
    context: { assignee: string; reopened: number }
    events: { type: 'assign'; to: string } | { type: 'close' } | { type: 'reopen' }
  },
  guards: { isPatient: ({ context }) => context.reopened < 3 },
  actions: {
    setAssignee: assign((_, params: { to: string }) => ({ assignee: params.to })),
    countReopened: assign({ reopened: ({ context }) => context.reopened + 1 }),
    notify: (_, params: { to: string }) => sendMail(params.to),
  },
}).createMachine({
  id: 'ticket',
  context: { assignee: '', reopened: 0 },
  initial: 'open',
  states: {
    open: {
      on: {
        assign: {
          actions: [
            { type: 'setAssignee', params: ({ event }) => event },
            { type: 'notify', params: ({ event }) => event },
          ],
        },
        close: 'closed',
      },
    },
    closed: {
      after: { 86400000: 'archived' },
      on: { reopen: { guard: 'isPatient', target: 'open', actions: 'countReopened' } },
    },
    archived: { type: 'final' },
  },
})
// #endregion plain
