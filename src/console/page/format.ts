const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const clock = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
})
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' })

/** A count or a rate: `12,345`, small ones with a tenth. */
export function number(value: number): string {
  return value !== 0 && value < 10 && !Number.isInteger(value) ? tenths.format(value) : whole.format(value)
}

/** The clock of the runtime counts whole milliseconds. */
export function milliseconds(value: number): string {
  return value < 1
    ? '< 1 ms'
    : value < 10_000
      ? `${whole.format(value)} ms`
      : `${tenths.format(value / 1000)} s`
}

/** The time of day, with the date where it was another day. */
export function time(at: number): string {
  const date = new Date(at)
  const today = date.toDateString() === new Date().toDateString()
  return today ? clock.format(date) : `${day.format(date)}, ${clock.format(date)}`
}

export function isoTime(at: number): string {
  return new Date(at).toISOString()
}

export function plural(count: number, word: string): string {
  return `${number(count)} ${word}${count === 1 ? '' : 's'}`
}
