import { StoreUnavailable } from '../../errors.ts'

/** What people can do about it, by what lmdb and the operating system say. */
const remedies: readonly (readonly [RegExp, string, string])[] = [
  [/ENOSPC|no space left/i, 'the disk is full', 'Make room on it; the store goes on by itself.'],
  [
    /EFBIG|file too large/i,
    'its file is as large as this process may make it',
    'Raise the limit of the file size.',
  ],
  [/EDQUOT|quota/i, 'the quota of the disk is used up', 'Make room, or raise the quota.'],
  [/MDB_MAP_FULL/i, 'its file cannot be mapped any larger', 'Give the process more address space.'],
  [
    /EACCES|EPERM|permission denied|not permitted/i,
    'access is denied',
    'Give this user the right to read and write it.',
  ],
  [/EROFS|read-only/i, 'its file system is read-only', 'Choose a path that can be written.'],
  [/ENOTDIR|not a directory/i, 'a part of its path is a file', 'Choose the path of a folder.'],
  [
    /ENOENT|no such file/i,
    'its path does not exist and cannot be made',
    'Choose a path that can be written.',
  ],
  [
    /MDB_INVALID|MDB_VERSION_MISMATCH/i,
    'its data.mdb is no database of this kind',
    'Choose another folder, or restore a back-up.',
  ],
  [/MDB_CORRUPTED|MDB_PAGE_NOTFOUND|MDB_PANIC/i, 'its data.mdb is damaged', 'Restore a back-up.'],
  [/MDB_READERS_FULL/i, 'too many processes have it open', 'End some of them.'],
  [/EIO|input\/output error/i, 'the disk is full or fails', 'Make room on it; look whether it is sound.'],
]

/** Trouble of the disk or the file, said for people; the original error is its cause. */
export function storageTrouble(path: string, doing: string, cause: unknown): StoreUnavailable {
  if (cause instanceof StoreUnavailable) return cause
  const text =
    cause instanceof Error ? `${'code' in cause ? String(cause.code) : ''} ${cause.message}` : String(cause)
  const [, reason, remedy] = remedies.find(([pattern]) => pattern.test(text)) ?? [
    undefined,
    text.trim(),
    'See the cause of this error.',
  ]
  return new StoreUnavailable(`The embedded store '${path}' could not ${doing}: ${reason}.`, remedy, cause)
}
