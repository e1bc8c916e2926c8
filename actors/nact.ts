import { dispatch, type Ref, spawn as spawnActor, start, stop } from 'nact'

/**
 * The only file that knows nact (7.6.2, frozen since 2022; conformance tests pin what is relied on).
 *
 * Designed around: nact drops messages to stopped actors silently, copies all children for each message of a parent
 * (so parents are inert), loses the message of a crash, and its references are untyped. So commands never travel in
 * its mailboxes: an actor owns its work and gets a message only to be woken or restarted.
 */

/** A typed reference to an actor. */
export interface ActorReference<Message> {
  tell(message: Message): void
  stop(): void
}

/** A parent of actors; receives no messages itself. */
export interface ActorParent {
  spawn<State, Message>(name: string, actor: ActorDefinition<State, Message>): ActorReference<Message>
  stop(): void
}

/** What the supervision of an actor decides about a crash. */
export type Supervision = 'restart' | 'stop'

export interface ActorDefinition<State, Message> {
  /** The state at the start and after each restart. Must not throw: nact would not notice. */
  readonly initialState: () => State
  /** One message at a time; the next one waits until a returned promise settles. A throw goes to `supervise`. */
  readonly receive: (state: State, message: Message) => State | Promise<State>
  /**
   * Called with what `receive` threw; the actor's mailbox waits. `restart` keeps the mailbox, loses the message and
   * takes a new `initialState`. Must not throw.
   */
  readonly supervise: (error: unknown, message: Message) => Supervision | Promise<Supervision>
}

function spawnUnder<State, Message>(
  parent: Ref<unknown>,
  name: string,
  actor: ActorDefinition<State, Message>,
): ActorReference<Message> {
  const reference = spawnActor(
    parent,
    (state: State, message: Message) => actor.receive(state, message),
    // Always named: nact's own names collide after some ten thousand (its random space is 31 bits).
    name,
    {
      initialStateFunc: actor.initialState,
      onCrash: async (message, error, context) =>
        (await actor.supervise(error, message as Message)) === 'restart' ? context.reset : context.stop,
    },
  ) as Ref<Message>
  return {
    tell: (message) => dispatch(reference, message),
    stop: () => stop(reference),
  }
}

function parentOf(reference: Ref<unknown>): ActorParent {
  return {
    spawn: (name, actor) => spawnUnder(reference, name, actor),
    stop: () => stop(reference),
  }
}

/** One nact system: actors under inert parents. */
export interface ActorSystem extends ActorParent {
  /** A parent that receives no messages, however many children it has. */
  parent(name: string): ActorParent
}

let systems = 0

/** nact keeps its systems in one table of the process, by name: so never the same name twice. */
export function startActors(): ActorSystem {
  const system = start({ name: `reenact-${++systems}` } as never) as Ref<unknown>
  return {
    ...parentOf(system),
    parent: (childName) => parentOf(spawnActor(system, (state: unknown) => state, childName) as Ref<unknown>),
  }
}
