import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** The statement that comes with the repository: invented, and the same on every machine. */
export const shippedStatement = new URL('./statement.csv.gz', import.meta.url)

const accountCount = 500
const firstDay = Date.UTC(2024, 0, 1)
const dayCount = 366
const dayMs = 24 * 60 * 60 * 1000
const crown = 100
const columns = 'account,date,type,amount_hellers,balance_hellers,rounding_hellers,overdraft_hellers,status'

interface Customer {
  readonly account: number
  readonly overdraft: number
  /** The day of the first credit. */
  readonly joins: number
  /** A booking every so many days. */
  readonly pace: number
  balance: number
}

type Random = (from: number, to: number) => number

/** A year of 500 invented accounts, about 20,000 rows in the order of their days; some debits are declined. */
export function syntheticStatement(seed = 1993): string {
  const generator = xoroshiro128plus(seed)
  const random: Random = (from, to) => uniformInt(generator, from, to)
  const customers = Array.from(
    { length: accountCount },
    (_, index): Customer => ({
      account: 1001 + index,
      overdraft: [0, 0, 5_000, 20_000][random(0, 3)]! * crown,
      joins: random(0, 60),
      pace: random(5, 20),
      balance: 0,
    }),
  )
  const lines = [columns]
  for (let day = 0; day < dayCount; day++) {
    const date = new Date(firstDay + day * dayMs).toISOString().slice(0, 10)
    const lastOfMonth = new Date(firstDay + (day + 1) * dayMs).getUTCDate() === 1
    for (const customer of customers) {
      if (day === customer.joins) lines.push(credit(customer, date, random(50, 500) * 10 * crown, 0))
      if (day <= customer.joins) continue
      if (random(1, customer.pace) === 1) lines.push(booking(customer, date, random))
      if (lastOfMonth && customer.balance > 1_000 * crown) lines.push(interest(customer, date, random))
    }
  }
  return `${lines.join('\n')}\n`
}

function booking(customer: Customer, date: string, random: Random): string {
  const choice = random(1, 10)
  if (choice <= 4) return credit(customer, date, random(20, 300) * 10 * crown, 0)
  if (choice <= 8) return debit(customer, date, 'VYDAJ', random(100, 25_000) * 10)
  return debit(customer, date, 'VYBER', random(1, 20) * 100 * crown)
}

/** Interest is not round, so the bank rounds the balance. */
function interest(customer: Customer, date: string, random: Random): string {
  return credit(customer, date, random(1, 900) * 10, [-10, 0, 10][random(0, 2)]!)
}

function credit(customer: Customer, date: string, amount: number, rounding: number): string {
  customer.balance += amount + rounding
  return line(customer, date, 'PRIJEM', amount, rounding, 'booked')
}

function debit(customer: Customer, date: string, type: 'VYDAJ' | 'VYBER', amount: number): string {
  if (customer.balance + customer.overdraft < amount) return line(customer, date, type, amount, 0, 'declined')
  customer.balance -= amount
  return line(customer, date, type, amount, 0, 'booked')
}

function line(
  customer: Customer,
  date: string,
  type: string,
  amount: number,
  rounding: number,
  status: string,
): string {
  return [customer.account, date, type, amount, customer.balance, rounding, customer.overdraft, status].join(
    ',',
  )
}
