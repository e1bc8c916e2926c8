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
  })
})

test('takes a file, a directory, a fresh start and the number of outstanding commands', () => {
  expect(readArguments(['--file', 'a.csv', '--store', 'there', '--fresh', '--outstanding', '10'])).toEqual({
    file: 'a.csv',
    store: 'there',
    start: 'fresh',
    outstanding: 10,
  })
})

test('asks for help', () => {
  expect(readArguments(['--help'])).toBe('help')
})

test.each([
  [['--outstanding', '0'], /whole number from 1 to 100000, not '0'/],
  [['--outstanding', 'many'], /not 'many'/],
  [['--flie', 'a.csv'], /Unknown option '--flie'/],
  [['a.csv'], /Unexpected argument 'a\.csv'/],
])('%j is refused with what is wrong', (line, message) => {
  expect(() => readArguments(line)).toThrow(UsageError)
  expect(() => readArguments(line)).toThrow(message)
})
