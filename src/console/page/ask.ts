import type { Refusal } from '../wire.ts'

/** What a request or a live stream asks for; a list is given as often as it has values. */
export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>

/** The server could not answer; the message is for people. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered'
}

export function addressOf(name: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams()
  for (const [key, value] of Object.entries(parameters)) {
    if (value === undefined) continue
    if (typeof value === 'object') for (const each of value) query.append(key, each)
    else query.append(key, String(value))
  }
  return `api/${name}?${query}`
}

/** @throws NotAnswered, and the signal's reason. */
export async function ask<Answer>(
  name: string,
  parameters?: Parameters,
  signal?: AbortSignal,
): Promise<Answer> {
  const response = await request(addressOf(name, parameters), signal)
  if (response.ok) return (await response.json()) as Answer
  const refusal = (await response.json().catch(() => undefined)) as Refusal | undefined
  throw new NotAnswered(refusal?.error ?? `The server answered ${response.status}.`)
}

async function request(address: string, signal: AbortSignal | undefined): Promise<Response> {
  try {
    return await fetch(address, signal === undefined ? {} : { signal })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new NotAnswered('The server does not answer.')
  }
}
