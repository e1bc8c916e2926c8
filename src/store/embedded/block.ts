/*
 * A block is a stretch of the log: the records of some appends, one after the other, under the position of its first
 * event. One value of many events costs lmdb a fraction of as many values; a block that is too large costs the readers
 * of one stream, who want a few of its records (measured: 64 events are the best of both).
 *
 *   uint8 version, uint8 1 where all texts are ASCII, 2 bytes unused, uint32 records, uint32 events, float64
 *   milliseconds since 1970, uint32 where the table begins, uint32 where the names begin, uint32 bytes of the names
 *   for each record: by how many milliseconds it is older or younger than the block (varint, zigzag), its numbers
 *   the texts of all records, up to the table
 *   table: for each record uint32 where it begins, uint32 where its text begins, uint16 the number of its first event
 *     within the block; and the link to the stream's append before it: uint48 how far back its block begins (0: it is
 *     in this one), uint16 which record it is there
 *   names: JSON, [systems, command types, event types]
 *
 * All but the links is known before the block has its place in the log, so that it can be encoded while the block
 * before it is still being written.
 */
export const blockVersion = 2
export const asciiAt = 1
export const recordsAt = 4
export const eventsAt = 8
export const timeAt = 12
export const tableOffsetAt = 20
export const namesOffsetAt = 24
export const namesLengthAt = 28
export const headerBytes = 32
export const tableEntryBytes = 18
export const textInEntry = 4
export const firstEventInEntry = 8
export const linkInEntry = 10
export const linkIndexInEntry = 16

export const eventsOfBlock = 64
/** A block is closed once it holds so many bytes, so that a few large events do not make an unwieldy one. */
export const bytesOfBlock = 64 * 1024
