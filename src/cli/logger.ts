import type { Logger } from '../logger.ts'
import { printable } from './printable.ts'
import type { Terminal } from './terminal.ts'

/** Warnings and errors of the machine room, a line each beside the result. */
export function loggerOf(terminal: Terminal): Logger {
  const told = (level: string) => (fields: object, message: string) => {
    const { err } = fields as { readonly err?: unknown }
    const reason = err instanceof Error ? ` (${err.message})` : ''
    terminal.note(printable(`${level}: ${message}${reason}`))
  }
  const silent = (): void => {}
  return {
    level: 'warn',
    debug: silent,
    info: silent,
    warn: told('warning'),
    error: told('error'),
    isLevelEnabled: (level) => level === 'warn' || level === 'error' || level === 'fatal',
  }
}
