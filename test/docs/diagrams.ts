import { diagram } from 'reenact/diagram'
import { account } from '../../examples/bank/account.ts'
import { order } from './order.ts'

/** A picture of the pages, and how it is made. */
export interface Picture {
  readonly path: string
  draw(): string | Promise<string>
}

export const pictures: readonly Picture[] = [
  { path: 'docs/diagrams/account.svg', draw: () => diagram(account, { format: 'svg' }) },
  {
    path: 'docs/diagrams/account-machine.svg',
    draw: () => diagram(account, { format: 'svg', view: 'machine' }),
  },
  { path: 'docs/diagrams/account.md', draw: () => page('account', diagram(account, { format: 'mermaid' })) },
  { path: 'docs/diagrams/order.svg', draw: () => diagram(order, { format: 'svg' }) },
]

function page(name: string, text: string): string {
  return `# ${name}\n\n\`\`\`mermaid\n${text}\`\`\`\n`
}
