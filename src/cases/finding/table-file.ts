/**
 * A table as a file that spreadsheets open, written while its rows are read: CSV with semicolons, as spreadsheets of Italian machines have it, and
 * ODS (OpenDocument, ISO/IEC 26300). What somebody typed must not run there: a text is a text in ODS, and in CSV what a spreadsheet would take for a
 * formula begins with an apostrophe.
 */
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate'

export type TableRow = readonly string[]
/** Rows as they are read, a part at a time. */
export type TableParts = AsyncIterable<readonly TableRow[]>

export const csvType = 'text/csv; charset=utf-8'
export const odsType = 'application/vnd.oasis.opendocument.spreadsheet'

// --- CSV ------------------------------------------------------------------------------------------------------------

/** A cell of CSV (RFC 4180). Spreadsheets also look behind spaces at the beginning of a cell. */
export function csvCell(text: string): string {
  const safe = /^\s*[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text
  return /[";\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** The file of a table, beginning with the mark by which spreadsheets know UTF-8. */
export async function* csvFile(head: TableRow, parts: TableParts): AsyncGenerator<Uint8Array> {
  const lines = (rows: readonly TableRow[]) => strToU8(rows.map(row => `${row.map(csvCell).join(';')}\r\n`).join(''))
  yield strToU8('\uFEFF')
  yield lines([head])
  for await (const rows of parts) yield lines(rows)
}

// --- ODS ------------------------------------------------------------------------------------------------------------

/** Without what XML 1.0 cannot say. */
const xmlText = (text: string): string =>
  text
    .toWellFormed()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

const odsCell = (text: string): string =>
  text === ''
    ? '<table:table-cell/>'
    : `<table:table-cell office:value-type="string">${text
        .split('\n')
        .map(line => `<text:p>${xmlText(line)}</text:p>`)
        .join('')}</table:table-cell>`

const odsRow = (row: TableRow): string => `<table:table-row>${row.map(odsCell).join('')}</table:table-row>`

const manifest = `<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3"><manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="${odsType}"/><manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>`

const contentBegins = (name: string) => `<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3"><office:body><office:spreadsheet><table:table table:name="${xmlText(name)}">`
const contentEnds = '</table:table></office:spreadsheet></office:body></office:document-content>'

/** The file of a table as the only sheet of a spreadsheet. The media type stands first and uncompressed, by which the file is known. */
export async function* odsFile(name: string, head: TableRow, parts: TableParts): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  const taken = () => {
    const chunks = made
    made = []
    return chunks
  }
  const stored = new ZipPassThrough('mimetype')
  zip.add(stored)
  stored.push(strToU8(odsType), true)
  const files = new ZipDeflate('META-INF/manifest.xml')
  zip.add(files)
  files.push(strToU8(manifest), true)
  const content = new ZipDeflate('content.xml')
  zip.add(content)
  content.push(strToU8(contentBegins(name) + odsRow(head)))
  yield* taken()
  for await (const rows of parts) {
    content.push(strToU8(rows.map(odsRow).join('')))
    yield* taken()
  }
  content.push(strToU8(contentEnds), true)
  zip.end()
  yield* taken()
}
