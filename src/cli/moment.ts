import type { Moment } from '../../actors/time-travel/moment.ts'
import { wrongUsage } from './failure.ts'

/**
 * What `--at` says: whole digits are a revision, anything else an ISO time.
 * @throws CommandFailed where it is neither.
 */
export function momentOf(text: string): Moment {
  if (/^(-1|\d+)$/.test(text)) return { revision: wholeNumber('--at', text) }
  const time = new Date(text)
  if (/^\d{4}-\d\d(-\d\d)?(T.*)?$/.test(text) && !Number.isNaN(time.getTime())) return { time }
  throw wrongUsage(`--at takes a revision (7) or a time (2026-01-31T12:00:00Z), not '${text}'.`)
}

/** @throws CommandFailed for what is no whole number of at least -1. */
export function wholeNumber(option: string, text: string): number {
  const number = /^(-1|\d+)$/.test(text) ? Number(text) : Number.NaN
  if (Number.isSafeInteger(number)) return number
  throw wrongUsage(`${option} takes a whole number, not '${text}'.`)
}
