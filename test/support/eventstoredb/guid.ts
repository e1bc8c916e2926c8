const withDashes = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i

export const emptyGuid = '00000000-0000-0000-0000-000000000000'

/** An id as the server keeps it: lower case, with dashes, without braces. Throws in the server's words. */
export function validate(text: string): string {
  const bare = /^\{.*\}$|^\(.*\)$/.test(text) ? text.slice(1, -1) : text
  const parts = withDashes.exec(bare)
  if (parts === null) throw new Error('Unrecognized Guid format.')
  return parts.slice(1).join('-').toLowerCase()
}
