/**
 * An action as `setup({ actions })` takes it, reduced to what matters: what it reads, its params, what it emits.
 * The name of the marker is xstate's.
 */
export interface MachineAction<in Args, in Params, out Emitted> {
  (args: Args, params: Params): void
  readonly _out_TEmitted?: Emitted
}

/** What xstate gives to actions and guards, as far as a pure machine may use it. */
export interface Given<Context, Received> {
  readonly context: Context
  readonly event: Received
}
