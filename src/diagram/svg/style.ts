import { fontSize } from './text-block.ts'

/** The look, light and dark as the reader's system is. Scoped, since an SVG within a page shares its styles. */
export const style = `
.reenact { --paper: #ffffff; --ink: #1f2328; --soft: #59636e; --line: #6e7781; --frame: #8c959f; --state: #f6f8fa; --halo: #f6f8fad9;
  --group: #afb8c11f; --guard: #6639ba; --event: #0550ae; --reject: #b42318;
  font: ${fontSize}px/1 "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
@media (prefers-color-scheme: dark) {
  .reenact { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --line: #848d97; --frame: #656c76; --state: #161b22; --halo: #161b22d9;
    --group: #6e76811a; --guard: #d2a8ff; --event: #79c0ff; --reject: #ff9c8f; }
}
.reenact .paper { fill: var(--paper); }
.reenact .state, .reenact .final { fill: var(--state); stroke: var(--frame); stroke-width: 1.25; }
.reenact .group, .reenact .region { fill: var(--group); stroke: var(--frame); stroke-width: 1.25; }
.reenact .region { stroke-dasharray: 5 4; }
.reenact .ring, .reenact .rule { fill: none; stroke: var(--frame); }
.reenact .rule { opacity: .5; }
.reenact .history { fill: var(--paper); stroke: var(--frame); }
.reenact .dot, .reenact .tip { fill: var(--line); }
.reenact .arrow { fill: none; stroke: var(--line); stroke-width: 1.25; }
.reenact .event, .reenact .always, .reenact .after, .reenact .done { stroke-dasharray: 4 3; }
.reenact text { fill: var(--ink); white-space: pre; paint-order: stroke; stroke: var(--halo); stroke-width: 4px;
  stroke-linejoin: round; }
.reenact .title { font-weight: 700; }
.reenact .guard { fill: var(--guard); }
.reenact .effect { fill: var(--event); }
.reenact .rejection { fill: var(--reject); }
.reenact .muted { fill: var(--soft); }
`
