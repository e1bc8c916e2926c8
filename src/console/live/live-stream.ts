import type { Clock, Timer } from '../../runtime.ts'
import type { Frame, Source } from './source.ts'

const beatMs = 250
/** A line now and then, so that nobody in between takes the connection for dead. */
const quietBeats = 60
/** What waits for a slow reader: this many bytes and one frame. */
const mostBytes = 64 * 1024

/**
 * Server-sent events. At each beat every source is asked once, if the reader has taken what there was; nothing is ever
 * queued for a reader that is not ready.
 * @param isOver the system has stopped: the stream ends, and the page looks for another.
 */
export function liveStream(
  sources: readonly Source[],
  clock: Clock,
  isOver: () => boolean,
  onClose: () => void,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let timer: Timer | undefined
  let beat = 0
  let quiet = 0
  let open = true
  const busy = new Set<Source>()

  const close = (): void => {
    if (!open) return
    open = false
    timer?.cancel()
    for (const source of sources) source.close()
    onClose()
  }

  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string): void => {
          quiet = 0
          controller.enqueue(encoder.encode(text))
        }
        const isReady = (): boolean => open && (controller.desiredSize ?? 0) > 0
        const end = (error?: unknown): void => {
          if (!open) return
          close()
          if (error === undefined) controller.close()
          else controller.error(error)
        }
        const ask = async (source: Source): Promise<void> => {
          busy.add(source)
          try {
            const frame = await source.take()
            if (frame !== undefined && open) send(textOf(frame))
          } catch (error) {
            end(error)
          } finally {
            busy.delete(source)
          }
        }
        const onBeat = (): void => {
          if (isOver()) {
            end()
            return
          }
          for (const source of sources) {
            if (isReady() && !busy.has(source) && beat % source.everyBeats === 0) void ask(source)
          }
          if (++quiet > quietBeats && isReady()) send(':\n\n')
          beat++
          timer = clock.after(beatMs, onBeat, 'background')
        }
        send('retry: 1000\n\n')
        onBeat()
      },
      cancel: close,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: mostBytes }),
  )
}

/** JSON has no bare line ends, so one `data:` line holds it. */
function textOf({ name, json }: Frame): string {
  return `event: ${name}\ndata: ${json}\n\n`
}
