import 'uplot/dist/uPlot.min.css'
import './styles/page.css'
import './styles/parts.css'
import './styles/aggregate.css'
import { render } from 'preact'
import { App } from './app.tsx'

const place = document.getElementById('app')
if (place !== null) {
  place.replaceChildren()
  render(<App />, place)
}
