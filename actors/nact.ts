import { randomUUID } from 'node:crypto'
import { dispatch, type Ref, spawn as spawnActor, start, stop } from 'nact'

/**
 * The only file that knows nact (7.6.2, frozen since 2022; conformance tests pin what is relied on).
 *
 * Designed around: nact drops messages to stopped actors silently, copies all children for each message of a parent
 * (so parents are inert), loses the message of a crash, and its references are untyped. So commands never travel in
 * its mailboxes: an actor owns its work and gets a message only to be woken or restarted.
 */

declare const messageOf: unique symbol

/** A typed reference to an actor. */
export interface ActorReference<Message> {
  readonly [messageOf]: (message: Message) => void
}

/** What the supervision of an actor decides about a crash. */
export type Supervision = 'restart' | 'stop'

/** What actors of one kind do. Shared by all of them: a closure for each would double the memory of a small actor. */
export interface ActorKind<State, Message> {
  /** One message at a time; the next one waits until a returned promise settles. A throw goes to `supervise`. */
  readonly receive: (state: State, message: Message) => void | Promise<void>
  /**
   * Called with what `receive` threw; the actor's mailbox waits. `restart` keeps the mailbox and loses the message.
   * Must not throw: nact would not notice.
   */
  readonly supervise: (error: unknown, message: Message) => Supervision | Promise<Supervision>
}

/** A parent of actors; receives no messages itself. */
export interface ActorParent {
  /**
   * @param name unique under this parent: nact's own names collide after some ten thousand (31 random bits).
   * @param state is the actor's for its whole life, through restarts too.
   */
  spawn<State, Message>(name: string, kind: ActorKind<State, Message>, state: State): ActorReference<Message>
}

/** One nact system: actors under inert parents. */
export interface ActorSystem extends ActorParent {
  /** A parent that receives no messages, however many children it has. */
  parent(name: string): ActorParent
  stop(): void
}

type NactFunctions = {
  readonly receive: (state: unknown, message: unknown) => unknown
  readonly onCrash: (message: unknown, error: unknown, context: CrashContext) => Promise<symbol>
}
interface CrashContext {
  readonly reset: symbol
  readonly stop: symbol
}

const functionsOfKinds = new WeakMap<object, NactFunctions>()

/** nact's two functions for a kind of actor, made once. */
function functionsOf<State, Message>(kind: ActorKind<State, Message>): NactFunctions {
  const known = functionsOfKinds.get(kind)
  if (known !== undefined) return known
  const functions: NactFunctions = {
    receive(state, message) {
      const done = kind.receive(state as State, message as Message)
      return done === undefined ? state : done.then(() => state)
    },
    onCrash: async (message, error, context) =>
      (await kind.supervise(error, message as Message)) === 'restart' ? context.reset : context.stop,
  }
  functionsOfKinds.set(kind, functions)
  return functions
}

function parentOf(parent: Ref<unknown>): ActorParent {
  return {
    spawn<State, Message>(name: string, kind: ActorKind<State, Message>, state: State) {
      const { receive, onCrash } = functionsOf(kind)
      const options = { initialState: state, onCrash } as never
      return spawnActor(parent, receive as never, name, options) as unknown as ActorReference<Message>
    },
  }
}

/**
 * nact keeps its systems in one table of the process, by name: the same name twice, and the messages of one system go
 * to the other. A counter is not enough, for this module may be there more than once (loaded anew by a development
 * server, or in two versions) beside one nact. Nobody sees the name, so a simulated run stays deterministic.
 */
export function startActors(): ActorSystem {
  const system = start({ name: `reenact-${randomUUID()}` } as never) as Ref<unknown>
  return {
    ...parentOf(system),
    parent: (name) => parentOf(spawnActor(system, (state: unknown) => state, name) as Ref<unknown>),
    stop: () => stop(system),
  }
}

/** Puts a message into the actor's mailbox; to a stopped actor it is lost. */
export function tell<Message>(actor: ActorReference<Message>, message: Message): void {
  dispatch(actor as unknown as Ref<Message>, message)
}

/** The actor receives nothing more. Neither its children nor what it is doing just now are stopped by it. */
export function stopActor(actor: ActorReference<never>): void {
  stop(actor as unknown as Ref<never>)
}
