/** A list of cases as a file: everything that the filter finds, read page by page while it is sent. */
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import { type House, type Language, type PersonActor, sentence, wallClock } from '../../platform/index.ts'
import { spokenCode } from '../request-code.ts'
import { foundCases, type ListQuestion, prepare } from './finding.ts'
import { type CaseFilter, type ExportColumn, exportColumns, type FoundCase } from './model.ts'
import { listScope } from './policy.ts'
import { type CaseKey, findCaseKeys } from './store.ts'
import { csvFile, csvType, odsFile, odsType, type TableParts, type TableRow } from './table-file.ts'

const rowsAtOnce = 500
/** A file ends after so many rows, and says so in its last one. */
const maxRows = 200_000

/**
 * Begins to send the file.
 * @throws Refused as `prepare`, before anything is sent
 */
export async function sendExport(
  house: House,
  actor: PersonActor,
  { columns, ...filter }: CaseFilter & { columns?: string | undefined },
  { format, reply, language }: { format: 'csv' | 'ods'; reply: FastifyReply; language: Language },
): Promise<Readable> {
  const prepared = await prepare(house, actor, filter, listScope(actor, 'cases.export'))
  const wanted = columns === undefined ? exportColumns : exportColumns.filter(each => columns.split(',').includes(each))
  const head = wanted.map(each => sentence(language, `cases.columns.${each}`))
  const parts = readParts(house, actor, prepared, wanted, language)
  const name = sentence(language, 'cases.fileName')
  reply.type(format === 'csv' ? csvType : odsType).header('content-disposition', `attachment; filename="${name}.${format}"`)
  return Readable.from(format === 'csv' ? csvFile(head, parts) : odsFile(name, head, parts), { objectMode: false })
}

async function* readParts(
  house: House,
  actor: PersonActor,
  { search }: ListQuestion,
  columns: readonly ExportColumn[],
  language: Language,
): TableParts & AsyncGenerator<TableRow[]> {
  let after: CaseKey | undefined
  for (let read = 0; read < maxRows; read += rowsAtOnce) {
    const keys = await findCaseKeys(house.database.kysely, { ...search, after, limit: rowsAtOnce })
    const ids = keys.map(each => each.id)
    yield (await foundCases(house, actor, ids, null)).map(found => rowOf(found, columns, language, house.config.TIME_ZONE))
    after = keys.at(-1)
    if (keys.length < rowsAtOnce) return
  }
  yield [[sentence(language, 'cases.fileCut', { count: maxRows })]]
}

function rowOf(found: FoundCase, columns: readonly ExportColumn[], language: Language, timeZone: string): TableRow {
  const time = (instant: string | null) => (instant === null ? '' : officeTime(timeZone, instant))
  const cells: Record<ExportColumn, string> = {
    code: spokenCode(found.code),
    title: found.title,
    typology: found.typology ?? '',
    contact: found.contact.name,
    standing: sentence(language, `cases.standing.${found.standing}`),
    outcome: found.outcome === null ? '' : sentence(language, `cases.outcome.${found.outcome}`),
    channel: found.channel === null ? '' : sentence(language, `cases.channel.${found.channel}`),
    unit: found.unit ?? '',
    holder: found.holder ?? '',
    openedAt: time(found.openedAt),
    dueAt: time(found.dueAt),
    closedAt: time(found.closedAt),
    followUp: found.followUp?.day ?? '',
  }
  return columns.map(column => cells[column])
}

/** Year first, so that a spreadsheet sorts it as it is: 2026-11-25 10:05. */
function officeTime(timeZone: string, instant: string): string {
  const { day, minutes } = wallClock(timeZone, Date.parse(instant))
  const two = (n: number) => String(n).padStart(2, '0')
  return `${day} ${two(Math.floor(minutes / 60))}:${two(Math.floor(minutes) % 60)}`
}
