import type { Logger } from '../../../src/logger.ts'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** A logger that keeps its lines. `level`: what is below is neither made nor kept, as with pino. */
export class KeptLog implements Logger {
  readonly level: string
  readonly lines: LogLine[] = []

  constructor(level: 'debug' | 'info' = 'info') {
    this.level = level
  }

  debug(fields: object, message: string): void {
    if (this.level === 'debug') this.#keep('debug', fields, message)
  }

  info(fields: object, message: string): void {
    this.#keep('info', fields, message)
  }

  warn(fields: object, message: string): void {
    this.#keep('warn', fields, message)
  }

  error(fields: object, message: string): void {
    this.#keep('error', fields, message)
  }

  isLevelEnabled(level: string): boolean {
    return level !== 'debug' || this.level === 'debug'
  }

  /** The lines of these levels whose message holds the text. */
  about(text: string, levels: readonly string[] = ['info', 'warn', 'error']): readonly LogLine[] {
    return this.lines.filter((line) => levels.includes(line.level) && line.message.includes(text))
  }

  #keep(level: LogLine['level'], fields: object, message: string): void {
    this.lines.push({ level, fields: fields as Readonly<Record<string, unknown>>, message })
  }
}
