import type { Finding } from '../../errors.ts'
import type { Learnt } from './learn-emit.ts'
import type { Site, SiteKind } from './sites.ts'
import { error, type Subject, warning } from './subject.ts'

/** Only commands emit: everything else happens again at each replay. */
export function emitPlaces({ sites }: Subject): readonly Finding[] {
  return sites.flatMap((site) => {
    const when = moments[site.kind]
    if (when === undefined) return []
    return site.emits.map(({ text, learnt }) =>
      error(
        site.kind === 'event' ? 'emit-on-event' : 'emit-outside-command',
        site.path,
        `${text} ${learnt.kind === 'rejection' ? 'rejects' : 'emits'} ${when}, which would happen again at each replay`,
        site.kind === 'event'
          ? 'emit all events where the command is handled: several emits of one command are fine'
          : 'emit on the commands that lead here',
      ),
    )
  })
}

const moments: Readonly<Partial<Record<SiteKind, string>>> = {
  event: 'on a domain event',
  entry: 'on entry',
  exit: 'on exit',
  initial: 'with the initial transition',
  always: 'in an always transition',
  onDone: 'in onDone',
}

/** What commands emit must be a domain event with a schema, or a rejection with a text. */
export function emittedTypes(subject: Subject): readonly Finding[] {
  return subject.sites
    .filter((site) => site.kind === 'command')
    .flatMap((site) => site.emits.flatMap(({ text, learnt }) => emitted(subject, site, text, learnt)))
}

function emitted(subject: Subject, site: Site, text: string, learnt: Learnt): readonly Finding[] {
  switch (learnt.kind) {
    case 'unclear':
      return [
        warning(
          'unclear-emit',
          site.path,
          `which event ${text} emits could not be learnt: ${learnt.reason}`,
          'let it emit an object with a literal `type` from every path',
        ),
      ]
    case 'rejection':
      return rejected(subject, site, text, learnt.code)
    case 'event':
      if (subject.events.has(learnt.type)) return []
      return [
        subject.commands.has(learnt.type)
          ? error(
              'emits-command',
              site.path,
              `${text} emits '${learnt.type}', which is a command`,
              'write `type` after what is spread: ({ ...params, type: ... }), or params without `type`',
            )
          : error(
              'emits-unknown',
              site.path,
              `${text} emits '${learnt.type}', which has no schema`,
              `add '${learnt.type}' to events`,
            ),
      ]
  }
}

function rejected(subject: Subject, site: Site, text: string, code: string | undefined): readonly Finding[] {
  if (code === undefined || subject.rejections.has(code)) return []
  return [
    error(
      'rejection-without-text',
      site.path,
      `${text} rejects with '${code}', which has no text`,
      `add '${code}' to rejections`,
    ),
  ]
}

/** An event that is emitted and that no state handles would fail every time. */
export function unhandledEvents({ sites, events }: Subject): readonly Finding[] {
  const handled = new Set(sites.filter((site) => site.kind === 'event').map((site) => site.type))
  return sites
    .filter((site) => site.kind === 'command')
    .flatMap((site) =>
      site.emits.flatMap(({ learnt }) =>
        learnt.kind === 'event' && events.has(learnt.type) && !handled.has(learnt.type)
          ? [
              error(
                'unhandled-event',
                site.path,
                `'${learnt.type}' is emitted, but no state handles it`,
                `add '${learnt.type}' to \`on\` of the states it changes, or \`${learnt.type}: {}\` where it changes nothing`,
              ),
            ]
          : [],
      ),
    )
}
