import { addressOfRoute } from '../route.ts'

interface AggregateLinkProps {
  readonly aggregate: string
  readonly id: string
  readonly revision?: number
}

/** An aggregate by its name and id. */
export function AggregateLink({ aggregate, id, revision }: AggregateLinkProps) {
  return (
    <a class="aggregate-link" href={addressOfRoute({ page: 'aggregate', aggregate, id, revision })}>
      <span class="soft">{aggregate}</span> <bdi>{id}</bdi>
    </a>
  )
}
