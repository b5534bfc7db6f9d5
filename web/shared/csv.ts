/** A table as a file that spreadsheets open: comma-separated values (RFC 4180), with the mark by which they know UTF-8. */

/**
 * Rows as CSV. What a spreadsheet would take for a formula begins with an apostrophe: a name that somebody typed must not run there. Pure.
 */
export const csvOf = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map(row => row.map(cellOf).join(',')).join('\r\n')

function cellOf(value: string | number | null): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r]/.test(value) && !/^\+?[\d\s]+$/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Hands a file to the browser's downloads. */
export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
