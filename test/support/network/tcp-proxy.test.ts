import { once } from 'node:events'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HandClock } from '../hand-clock.ts'
import { TcpProxy } from './tcp-proxy.ts'

/** Answers every byte with itself, and remembers what it heard. */
class Echo {
  readonly server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('data', (piece) => {
      this.heard += piece.toString()
      socket.write(piece)
    })
    socket.on('end', () => socket.end())
    socket.on('error', () => {})
  })
  heard = ''

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    const address = this.server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }
}

interface Caller {
  readonly socket: Socket
  said(): string
  end(): 'open' | 'ended' | 'cut'
}

let echo: Echo
let clock: HandClock
let proxy: TcpProxy

function call(): Caller {
  const socket = createConnection({ port: proxy.port, host: '127.0.0.1' })
  let said = ''
  let end: 'open' | 'ended' | 'cut' = 'open'
  socket.on('data', (piece) => {
    said += piece.toString()
  })
  socket.on('end', () => {
    end = 'ended'
  })
  socket.on('error', () => {
    end = 'cut'
  })
  return { socket, said: () => said, end: () => end }
}

beforeEach(async () => {
  echo = new Echo()
  clock = new HandClock()
  proxy = await TcpProxy.start({ clock, targetPort: await echo.listen() })
})

afterEach(async () => {
  await proxy.close()
  echo.server.close()
})

describe('a piece of network', () => {
  test('passes bytes in both directions, and the end of each', async () => {
    const caller = call()
    caller.socket.end('hello')
    await vi.waitFor(() => expect(caller.end()).toBe('ended'))
    expect(caller.said()).toBe('hello')
    await vi.waitFor(() => expect(proxy.open).toBe(0))
    expect(proxy.accepted).toBe(1)
  })

  test('passes much, in order', async () => {
    const caller = call()
    const text = Array.from({ length: 200_000 }, (_, i) => i).join(' ')
    caller.socket.write(text)
    await vi.waitFor(() => expect(caller.said().length).toBe(text.length), 5000)
    expect(caller.said() === text).toBe(true)
  })

  test('delays every byte, each way', async () => {
    proxy.pass(100)
    const caller = call()
    caller.socket.write('slow')
    await vi.waitFor(() => expect(clock.pending).toBe(1))
    expect(echo.heard).toBe('')
    clock.advance(99)
    expect(clock.pending).toBe(1)
    clock.advance(1)
    await vi.waitFor(() => expect(echo.heard).toBe('slow'))
    await vi.waitFor(() => expect(clock.pending).toBe(1))
    expect(caller.said()).toBe('')
    clock.advance(100)
    await vi.waitFor(() => expect(caller.said()).toBe('slow'))
  })

  test('cuts what is open, and lets the next one in', async () => {
    const first = call()
    first.socket.write('one')
    await vi.waitFor(() => expect(first.said()).toBe('one'))
    proxy.cut()
    await vi.waitFor(() => expect(first.end()).toBe('cut'))
    const second = call()
    second.socket.write('two')
    await vi.waitFor(() => expect(second.said()).toBe('two'))
  })

  test('refuses new connections', async () => {
    proxy.refuse()
    const caller = call()
    await vi.waitFor(() => expect(caller.end()).toBe('cut'))
    expect(proxy.accepted).toBe(0)
    proxy.pass()
    const again = call()
    again.socket.write('now')
    await vi.waitFor(() => expect(again.said()).toBe('now'))
  })

  test('swallows what is sent without a word, and cuts what has a hole once it passes again', async () => {
    const caller = call()
    caller.socket.write('before ')
    await vi.waitFor(() => expect(caller.said()).toBe('before '))
    proxy.swallow()
    const idle = call()
    caller.socket.write('lost')
    // A connection made now is accepted all the same: the swallowing is silent.
    await vi.waitFor(() => expect(proxy.accepted).toBe(2))
    await vi.waitFor(() => expect(proxy.swallowed).toBe(1))
    expect(caller.end()).toBe('open')
    proxy.pass()
    await vi.waitFor(() => expect(caller.end()).toBe('cut'))
    expect(echo.heard).toBe('before ')
    idle.socket.write('whole')
    await vi.waitFor(() => expect(idle.said()).toBe('whole'))
  })

  test('freezes: what was sent comes when it passes again', async () => {
    const caller = call()
    proxy.freeze()
    caller.socket.write('late')
    await vi.waitFor(() => expect(proxy.held).toBe(1))
    expect(echo.heard).toBe('')
    proxy.pass()
    await vi.waitFor(() => expect(caller.said()).toBe('late'))
    expect(caller.end()).toBe('open')
  })

  test('cuts the caller where nobody listens behind it', async () => {
    echo.server.close()
    await once(echo.server, 'close')
    const caller = call()
    await vi.waitFor(() => expect(caller.end()).toBe('cut'))
  })
})
