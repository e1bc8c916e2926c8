/**
 * Memory beside the heap, for what lives as long as the store.
 *
 * V8 counts the bytes of ordinary buffers, and once some ten megabytes of them are new it marks the whole heap, to see
 * which are garbage. Of a log none is, and so each 0.3 s of full load went by with 20 ms of marking for nothing
 * (`node --trace-gc`). What may be shared with other threads it does not count; nobody else gets this.
 */
export function uncountedMemory(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(bytes)
}
