import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readArguments, UsageError } from '../../../examples/bank/arguments.ts'
import { shippedStatement } from '../../../examples/bank/synthetic-statement.ts'

test('without arguments, the shipped statement goes where the last run has left it', () => {
  expect(readArguments([])).toEqual({
    file: fileURLToPath(shippedStatement),
    store: '.reenact/bank',
    start: 'where it was',
    outstanding: 1000,
    console: undefined,
    pace: undefined,
  })
})

test('takes a file, a directory, a fresh start and the number of outstanding commands', () => {
  expect(readArguments(['--file', 'a.csv', '--store', 'there', '--fresh', '--outstanding', '10'])).toEqual({
    file: 'a.csv',
    store: 'there',
    start: 'fresh',
    outstanding: 10,
    console: undefined,
    pace: undefined,
  })
})

test('takes a console with its port, and a pace', () => {
  expect(readArguments(['--console', '--pace', '500'])).toMatchObject({ console: 4747, pace: 500 })
  expect(readArguments(['--console', '--port', '0'])).toMatchObject({ console: 0, pace: undefined })
})

test('asks for help', () => {
  expect(readArguments(['--help'])).toBe('help')
})

test.each([
  [['--outstanding', '0'], /whole number from 1 to 100000, not '0'/],
  [['--outstanding', 'many'], /not 'many'/],
  [['--console', '--port', '70000'], /--port must be a whole number from 0 to 65535/],
  [['--pace', '0'], /--pace must be a whole number from 1 /],
  [['--flie', 'a.csv'], /Unknown option '--flie'/],
  [['a.csv'], /Unexpected argument 'a\.csv'/],
])('%j is refused with what is wrong', (line, message) => {
  expect(() => readArguments(line)).toThrow(UsageError)
  expect(() => readArguments(line)).toThrow(message)
})
