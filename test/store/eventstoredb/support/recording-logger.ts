import type { Logger } from '../../../../src/logger.ts'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** Keeps every line. */
export class RecordingLogger implements Logger {
  readonly level = 'debug'
  readonly lines: LogLine[] = []

  debug(fields: object, message: string): void {
    this.lines.push({ level: 'debug', fields, message })
  }

  info(fields: object, message: string): void {
    this.lines.push({ level: 'info', fields, message })
  }

  warn(fields: object, message: string): void {
    this.lines.push({ level: 'warn', fields, message })
  }

  error(fields: object, message: string): void {
    this.lines.push({ level: 'error', fields, message })
  }

  isLevelEnabled(): boolean {
    return true
  }

  messages(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message)
  }
}
