import { useEffect, useRef, useState } from 'preact/hooks'
import { addressOf } from '../ask.ts'

interface MachineChartProps {
  readonly aggregate: string
  /** The ids of the states that are lit. */
  readonly lit: readonly string[]
  /** The state in words, for those who hear the picture. */
  readonly state: string
}

/** The machine as it is drawn, the current state lit. */
export function MachineChart({ aggregate, lit, state }: MachineChartProps) {
  const picture = usePicture(aggregate)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (picture !== undefined) place.current?.replaceChildren(picture)
  }, [picture])
  useEffect(() => {
    const wanted = new Set(lit)
    for (const box of picture?.querySelectorAll('[data-state]') ?? []) {
      box.toggleAttribute('data-lit', wanted.has(box.getAttribute('data-state') ?? ''))
    }
  }, [picture, lit])
  return (
    <section class="card machine" aria-label={`The machine; its state is ${state}`}>
      <h2>
        State <b class="state">{state}</b>
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must get there */}
      <div class="picture" ref={place} tabIndex={0} />
    </section>
  )
}

/** The diagram, drawn by the server; read as XML, so that nothing in it is taken for a page. */
function usePicture(aggregate: string): SVGElement | undefined {
  const [picture, setPicture] = useState<SVGElement>()
  useEffect(() => {
    const request = new XMLHttpRequest()
    request.open('GET', addressOf('chart', { aggregate }))
    request.responseType = 'document'
    request.overrideMimeType('image/svg+xml')
    request.onload = () => {
      const root = request.responseXML?.documentElement
      if (request.status !== 200 || root?.localName !== 'svg') return
      setPicture(document.importNode(root, true) as unknown as SVGElement)
    }
    request.send()
    return () => request.abort()
  }, [aggregate])
  return picture
}
