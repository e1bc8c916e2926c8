/** What Reenact asks of a logger: pino's own methods, so any pino logger fits. */
export interface Logger {
  readonly level: string
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
  isLevelEnabled(level: string): boolean
}
