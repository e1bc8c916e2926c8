import type { Logger } from '../logger.ts'

/** A logger that keeps quiet. */
export const silentLogger: Logger = {
  level: 'silent',
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  isLevelEnabled: () => false,
}
