/** The stream of one aggregate: `<name>-<id>`. A name holds no `-`, an id may. */
export function streamOf(name: string, id: string): string {
  return `${name}-${id}`
}

/** The category of a stream: what stands before its first `-` (the aggregate's name). */
export function categoryOf(stream: string): string {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}

/** The id of the aggregate whose stream this is. */
export function idOf(stream: string): string {
  return stream.slice(stream.indexOf('-') + 1)
}
