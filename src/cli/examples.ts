/** What the help of each command shows; `all` is that of `reenact` itself. */
export const examples = {
  all: [
    'reenact streams --store ./data                  what is stored, and how much',
    'reenact show account-alice                      the events of one aggregate',
    'reenact state account alice --at 7              its state as of revision 7',
    'reenact state account alice --at 2026-01-31T12:00:00Z',
    'reenact follow --aggregate account --json | jq .type',
    'reenact console dist/account.js --store ./data  all of it in the browser',
    'reenact diagram account --format svg > account.svg',
    "reenact check src/account.ts                    what Stately's importers would lose",
  ],
  streams: [
    'reenact streams --store ./data',
    'reenact streams --aggregate account --json | jq -s length   how many accounts there are',
  ],
  show: [
    'reenact show account-alice --from 100 --limit 20',
    'reenact show account-alice --reverse --limit 1              the last event',
    'reenact show account-alice --json | jq .data',
  ],
  state: [
    'reenact state account alice --definitions dist/account.js',
    'reenact state account alice --at 7                          after the event of revision 7',
    'reenact state account alice --at 2026-01-31 --json | jq .context.balance',
  ],
  follow: [
    'reenact follow --aggregate account --event Deposited Withdrawn',
    'reenact follow --after start --limit 100 --json             the first hundred events',
  ],
  console: [
    'reenact console dist/account.js --store ./data',
    'reenact console dist/account.js --host 0.0.0.0 --port 8080  prints the address with its token',
  ],
  diagram: [
    'reenact diagram account --definitions dist/account.js --format svg > account.svg',
    'reenact diagram --view machine                              the chart as it is written, for Mermaid',
  ],
  check: [
    'reenact check src/account.ts',
    'reenact check src/*.ts --json | jq -r .message              for a check of your own',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** The paragraph of a help. */
export function examplesText(of: keyof typeof examples): string {
  return `\nExamples:\n${examples[of].map((line) => `  ${line}`).join('\n')}`
}
