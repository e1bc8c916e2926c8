import { z } from 'zod'

/** The columns that every statement has, in any order. */
export const requiredColumns = [
  'account',
  'date',
  'type',
  'amount_hellers',
  'balance_hellers',
  'rounding_hellers',
] as const

const hellers = z
  .string()
  .regex(/^-?\d{1,15}$/, 'is no whole number of hellers')
  .transform(Number)

/** How statements call it: PRIJEM is a credit; VYDAJ (an order) and VYBER (cash) are debits. */
const bookingKinds = { PRIJEM: 'credit', VYDAJ: 'debit', VYBER: 'debit' } as const

export const rowSchema = z.object({
  account: z.string().regex(/^[\w.-]{1,64}$/, 'is no account number'),
  date: z.iso.date('is no date like 1993-01-31'),
  type: z.enum(['PRIJEM', 'VYDAJ', 'VYBER'], 'is none of PRIJEM, VYDAJ, VYBER'),
  amount_hellers: hellers.refine((amount) => amount > 0, 'is not above zero'),
  balance_hellers: hellers,
  rounding_hellers: hellers.refine((rounding) => Math.abs(rounding) <= 10, 'is not from -10 to 10'),
  /** How far the account may go below zero. Without this column nothing is known of a limit. */
  overdraft_hellers: hellers.refine((overdraft) => overdraft >= 0, 'is below zero').optional(),
  /** `declined`: the bank refused this debit and the balance stayed. Without this column every row is booked. */
  status: z.enum(['booked', 'declined'], 'is neither booked nor declined').default('booked'),
})

/** One row of a statement, as the bank's domain speaks of it. */
export interface StatementRow {
  readonly line: number
  readonly account: string
  readonly date: string
  readonly kind: 'credit' | 'debit'
  readonly amount: number
  /** What the account holds after this row. */
  readonly balance: number
  readonly rounding: number
  /** `undefined`: the statement does not say. */
  readonly overdraft: number | undefined
  readonly status: 'booked' | 'declined'
}

/** A line that is no row; the statement goes on behind it. */
export interface BrokenRow {
  readonly line: number
  readonly reason: string
}

/** Reads the fields of one line. */
export function toRow(fields: Readonly<Record<string, string>>, line: number): StatementRow | BrokenRow {
  const parsed = rowSchema.safeParse(fields)
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => {
      const column = String(issue.path[0])
      return `${column} '${fields[column] ?? ''}' ${issue.message}`
    })
    return { line, reason: issues.join('; ') }
  }
  const { account, date, type, status, ...numbers } = parsed.data
  return {
    line,
    account,
    date,
    kind: bookingKinds[type],
    amount: numbers.amount_hellers,
    balance: numbers.balance_hellers,
    rounding: numbers.rounding_hellers,
    overdraft: numbers.overdraft_hellers,
    status,
  }
}
