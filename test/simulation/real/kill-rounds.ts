import { type Rounds, roundsOnEmbedded, roundsOnEventStoreDB } from './rounds.ts'

/** Runs rounds on real parts and says how they went. @param seed of the first session. @returns the exit code. */
export async function killRounds(rounds: number, seed: number): Promise<number> {
  const broken: string[] = []
  const onSession: Rounds['onSession'] = (ofSession, count, { violations, ...figures }) => {
    console.log(`seed ${ofSession}: ${count} rounds, ${JSON.stringify(figures)}`)
    for (const { rule, what } of violations) broken.push(`seed ${ofSession}: [${rule}] ${what}`)
  }
  console.log('on the embedded store:')
  await roundsOnEmbedded({ rounds, seed, onSession })
  const url = process.env['REENACT_ESDB_URL']
  if (url === undefined) console.log('not on EventStoreDB: REENACT_ESDB_URL is not set')
  else {
    console.log('on EventStoreDB:')
    await roundsOnEventStoreDB(url, { rounds, seed, onSession })
  }
  console.log(broken.length === 0 ? 'no rule broken' : broken.slice(0, 20).join('\n'))
  return broken.length === 0 ? 0 : 1
}
