import { memoryStore, start } from 'reenact'
import { given } from 'reenact/testing'
import { describe, expect, it } from 'vitest'
import { createActor } from 'xstate'
import { mails, plainTicket } from './plain-ticket.ts'
import { ticket } from './ticket.ts'

describe('docs/coming-from-a-plain-machine.md', () => {
  it('does what the plain machine does', async () => {
    const to = 'ann@example.com'
    const plain = createActor(plainTicket).start()
    await using system = await start({ aggregates: [ticket], store: memoryStore() })
    const durable = system.get(ticket, '1')
    for (const command of [
      { type: 'assign', to },
      { type: 'close' },
      { type: 'reopen' },
      { type: 'close' },
    ] as const) {
      plain.send(command)
      await durable.ask(command)
    }
    const { value, context } = plain.getSnapshot()
    expect(await durable.state()).toMatchObject({ value, context })
    expect(mails).toEqual([to])
    plain.stop()
  })

  it('says no where the plain machine was silent', () => {
    const reopened = [{ type: 'closed' }, { type: 'reopened' }] as const
    given(ticket, ...reopened, ...reopened, ...reopened, { type: 'closed' })
      .when({ type: 'reopen' })
      .thenRejected('TooOften')
      .when({ type: 'archive' })
      .then({ type: 'archived' })
  })

  it('keeps effects outside', async () => {
    const sent: string[] = []
    const sendMail = async (to: string): Promise<void> => void sent.push(to)
    await using system = await start({ aggregates: [ticket], store: memoryStore() })

    // #region effect
    async function assign(id: string, to: string, commandId: string) {
      const outcome = await system.get(ticket, id).ask({ type: 'assign', to }, { commandId })
      if (outcome.status === 'rejected' || outcome.duplicate) return outcome
      for (const event of outcome.events) {
        if (event.type === 'assigned') await sendMail(event.to)
      }
      return outcome
    }
    // #endregion effect
    await assign('1', 'ann@example.com', 'request 1')
    await assign('1', 'ann@example.com', 'request 1')
    expect(sent).toEqual(['ann@example.com'])
  })
})
