import type { Socket } from 'node:net'
import type { Clock, Timer } from '../../../src/runtime.ts'
import type { NetworkState } from './tcp-proxy.ts'

/** One direction of a connection: what is read at one end and written at the other, in order, each piece at its time. */
class Lane {
  readonly #from: Socket
  readonly #to: Socket
  readonly #clock: Clock
  readonly #queue: { readonly due: number; readonly piece: Buffer | 'end' }[] = []
  #timer: Timer | undefined
  #state: NetworkState = 'passing'
  #delayMs = 0
  #swallowed = 0

  constructor(from: Socket, to: Socket, clock: Clock) {
    this.#from = from
    this.#to = to
    this.#clock = clock
    from.on('data', (piece: Buffer) => this.#take(piece))
    from.on('end', () => this.#take('end'))
    to.on('drain', () => this.#from.resume())
  }

  get swallowed(): number {
    return this.#swallowed
  }

  get held(): number {
    return this.#queue.length
  }

  become(state: NetworkState, delayMs: number): void {
    this.#state = state
    this.#delayMs = delayMs
    this.#timer?.cancel()
    this.#timer = undefined
    if (state === 'blackHole') this.#swallowed += this.#queue.splice(0).length
    else this.#deliver()
  }

  #take(piece: Buffer | 'end'): void {
    if (this.#state === 'blackHole') {
      this.#swallowed++
      return
    }
    this.#queue.push({ due: this.#clock.now() + this.#delayMs, piece })
    this.#deliver()
  }

  #deliver(): void {
    if (this.#state === 'frozen' || this.#timer !== undefined) return
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const wait = next.due - this.#clock.now()
      if (wait > 0) {
        this.#timer = this.#clock.after(wait, () => {
          this.#timer = undefined
          this.#deliver()
        })
        return
      }
      this.#queue.shift()
      if (next.piece === 'end') this.#to.end()
      else if (!this.#to.write(next.piece)) this.#from.pause()
    }
  }

  stop(): void {
    this.#timer?.cancel()
    this.#queue.length = 0
  }
}

/** Both directions of one connection. */
export class ProxiedConnection {
  readonly #near: Socket
  readonly #far: Socket
  readonly #lanes: readonly [Lane, Lane]
  readonly #whenClosed: (() => void)[] = []
  #life: 'open' | 'closed' = 'open'

  constructor(near: Socket, far: Socket, clock: Clock) {
    this.#near = near
    this.#far = far
    this.#lanes = [new Lane(near, far, clock), new Lane(far, near, clock)]
    for (const socket of [near, far]) {
      socket.setNoDelay(true)
      socket.on('error', () => this.cut())
    }
    const whenBothClosed = (): void => {
      if (near.destroyed && far.destroyed) this.#close()
    }
    near.on('close', whenBothClosed)
    far.on('close', whenBothClosed)
  }

  get held(): number {
    return this.#lanes[0].held + this.#lanes[1].held
  }

  get swallowed(): number {
    return this.#lanes[0].swallowed + this.#lanes[1].swallowed
  }

  onClose(task: () => void): void {
    this.#whenClosed.push(task)
  }

  become(state: NetworkState, delayMs: number): void {
    // A stream of bytes with a hole in it cannot go on.
    const isBroken = this.swallowed > 0
    if (isBroken && state !== 'blackHole') this.cut()
    else for (const lane of this.#lanes) lane.become(state, delayMs)
  }

  cut(): void {
    this.#near.resetAndDestroy()
    this.#far.resetAndDestroy()
    this.#close()
  }

  #close(): void {
    if (this.#life === 'closed') return
    this.#life = 'closed'
    for (const lane of this.#lanes) lane.stop()
    for (const task of this.#whenClosed.splice(0)) task()
  }
}
