import { Command, CommanderError, Option } from 'commander'
import { ReenactError } from '../errors.ts'
import { check } from './commands/check.ts'
import { showConsole } from './commands/console.ts'
import { drawDiagram } from './commands/diagram.ts'
import { follow } from './commands/follow.ts'
import { show } from './commands/show.ts'
import { state } from './commands/state.ts'
import { streams } from './commands/streams.ts'
import type { CommandContext } from './context.ts'
import { examplesText } from './examples.ts'
import { CommandFailed, type ExitCode, exitCodes } from './failure.ts'
import { wholeNumber } from './moment.ts'
import { printable } from './printable.ts'

const ending = `
Exit codes:
  0 done   1 the store or the definitions failed, check found warnings   2 wrong usage
  3 no such store, stream, aggregate, revision or time   130 interrupted

Nothing is ever written to the store. 'reenact COMMAND --help' tells more.`

/**
 * Runs one command line.
 * @param line what stands behind `reenact`.
 * @returns what the process is to end with. Never throws what a user can cause.
 */
export async function run(
  line: readonly string[],
  context: CommandContext,
  version: string,
): Promise<ExitCode> {
  const { terminal, signal } = context
  try {
    await programOf(context, version).parseAsync(line, { from: 'user' })
    return signal.aborted && !terminal.closed.aborted ? exitCodes.interrupted : exitCodes.done
  } catch (error) {
    // Help and the version come this way, too; commander has printed all that there is to say.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.wrongUsage
    if (error instanceof CommandFailed || error instanceof ReenactError) {
      terminal.note(`error: ${error.message.split('\n').map(printable).join('\n')}`)
      return error instanceof CommandFailed ? error.exitCode : exitCodes.failed
    }
    throw error
  }
}

function programOf(context: CommandContext, version: string): Command {
  const { terminal } = context
  const program = new Command('reenact')
    .description('Looks into the store of a Reenact system, and at its definitions.')
    .version(version)
    .addHelpText('after', `${examplesText('all')}\n${ending}`)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.line(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .configureHelp({ showGlobalOptions: false })

  program
    .command('streams')
    .addHelpText('after', examplesText('streams'))
    .summary('list the streams: revision, bytes of event data, last event')
    .description(
      'Lists the streams, a line each. Reads the whole log, since a store keeps no list of its streams.',
    )
    .addOption(storeOption())
    .addOption(aggregateOption())
    .addOption(jsonOption())
    .action((options) => streams(options, context))

  program
    .command('show')
    .addHelpText('after', examplesText('show'))
    .summary('show the events of a stream')
    .description('Shows the stored events of one stream: revision, time, event, its command, data.')
    .argument('<stream>', 'its name: <aggregate>-<id>')
    .addOption(storeOption())
    .addOption(numberOption('--from <revision>', 'the first revision; with --reverse the last one'))
    .addOption(numberOption('--limit <events>', 'at most so many'))
    .option('--reverse', 'from the last event backwards')
    .addOption(jsonOption())
    .action((stream, options) => show(stream, options, context))

  program
    .command('state')
    .addHelpText('after', examplesText('state'))
    .summary('show the state of an aggregate, now or as of then')
    .description(
      'Shows the state of one aggregate, replayed from its events: now, or as of a revision or a time.',
    )
    .argument('<aggregate>', 'its name in the definition')
    .argument('<id>', 'its id')
    .addOption(storeOption())
    .addOption(definitionsOption())
    .option('--at <moment>', 'a revision (7), or a time (2026-01-31T12:00:00Z; without zone: yours)')
    .addOption(jsonOption())
    .action((aggregate, id, options) => state(aggregate, id, options, context))

  program
    .command('follow')
    .addHelpText('after', examplesText('follow'))
    .summary('show events as they are stored, until Ctrl-C')
    .description('Shows events as they are stored, by whichever process, until Ctrl-C.')
    .addOption(storeOption())
    .option('--after <position>', "where to begin: 'end', 'start', or behind the position of an event", 'end')
    .addOption(aggregateOption())
    .option('--event <type...>', 'only events of these types')
    .option('--correlation <id>', 'only events of this correlation id')
    .addOption(numberOption('--limit <events>', 'end after so many'))
    .addOption(jsonOption())
    .action((options) => follow(options, context))

  program
    .command('console')
    .addHelpText('after', examplesText('console'))
    .summary('show all of it in the browser, until Ctrl-C')
    .description(
      'Serves the console of a store: its aggregates and their pasts, the log, as events are stored. It runs no commands; to see a system at work, serve its console from its own process (reenact/console).',
    )
    .argument('[module]', 'the module that exports your definitions; or --definitions')
    .addOption(storeOption())
    .addOption(definitionsOption())
    .addOption(
      new Option('--host <host>', 'where to listen; anything but this machine needs the token').default(
        '127.0.0.1',
      ),
    )
    .addOption(numberOption('--port <port>', 'the port, 0: any that is free (default: 4747)'))
    .addOption(
      new Option('--token <token>', 'who opens it must have this (default: a fresh one where needed)').env(
        'REENACT_CONSOLE_TOKEN',
      ),
    )
    .addOption(jsonOption())
    .action((module, options) => showConsole(module, options, context))

  program
    .command('diagram')
    .addHelpText('after', examplesText('diagram'))
    .summary('draw the machine of a definition')
    .description('Draws the machine of a definition, without any store.')
    .argument('[aggregate]', 'its name; not needed where the module exports one definition only')
    .addOption(definitionsOption())
    .addOption(
      new Option('--format <format>', 'what to write').choices(['mermaid', 'svg', 'json']).default('mermaid'),
    )
    .addOption(
      new Option('--view <view>', 'each command with its events as one arrow, or the chart as it is written')
        .choices(['domain', 'machine'])
        .default('domain'),
    )
    .addOption(jsonOption('the same as --format json'))
    .action((aggregate, options) => drawDiagram(aggregate, options, context))

  program
    .command('check')
    .addHelpText('after', examplesText('check'))
    .summary("list what Stately's importers would lose of a source file")
    .description(
      "Reads source files as Stately's editor and importers do, without running them, and lists by line what they would lose. Ends with 1 where there are warnings.",
    )
    .argument('<file...>', 'the TypeScript or JavaScript files that hold the machines')
    .addOption(jsonOption())
    .action((files, options) => check(files, options, context))

  return program
}

function storeOption(): Option {
  return new Option('--store <where>', 'the folder of the store, or an esdb:// connection string')
    .env('REENACT_STORE')
    .default('.reenact')
}

function definitionsOption(): Option {
  return new Option('--definitions <module>', 'the module that exports your definitions').env(
    'REENACT_DEFINITIONS',
  )
}

function aggregateOption(): Option {
  return new Option('--aggregate <name...>', 'only streams of these aggregates')
}

function jsonOption(description = 'JSON, a value a line, for programs'): Option {
  return new Option('--json', description)
}

function numberOption(flags: string, description: string): Option {
  const [name = ''] = flags.split(' ')
  return new Option(flags, description).argParser((text) => {
    const number = wholeNumber(name, text)
    if (number >= 0) return number
    throw new CommandFailed(
      exitCodes.wrongUsage,
      `${name} takes a whole number of at least 0, not '${text}'.`,
    )
  })
}
