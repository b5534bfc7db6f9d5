/** Names of files that strangers, or the machines of colleagues, have given. Pure. */

const maxNameLength = 150

/**
 * A name without folders, control characters and marks that turn the writing round, which hide how it ends.
 * @param n the file's place among others, for one whose name has nothing left
 */
export function safeFileName(name: string | null, n: number): string {
  const last = (name ?? '').toWellFormed().split(/[/\\]/).at(-1) ?? ''
  const seen = last
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\.+/, '')
  return seen === '' ? `allegato-${n + 1}` : seen.slice(-maxNameLength).toWellFormed()
}
