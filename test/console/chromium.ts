import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Where the browser of this machine is: `REENACT_CHROMIUM`, or a Chromium on the path. */
export function findChromium(): string | undefined {
  const given = process.env['REENACT_CHROMIUM']
  if (given !== undefined && given !== '') return given
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(canRun)
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** As root, Chromium does not start in its sandbox; it visits nothing but our own page. */
export const launchArguments = process.getuid?.() === 0 ? ['--no-sandbox'] : []
