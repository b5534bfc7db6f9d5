/**
 * One box that finds anybody, by whatever was said or typed, and says why. What is certain comes first:
 *
 *   request code ─ fiscal code, number, address ─ name as it is written ─ name with its words in another order ─ name with one wrong letter
 *
 * A page that what is certain fills has nothing else on it; what is only similar comes at the end of the only page.
 */
import { z } from 'zod'
import { type Actor, type Db, decodeCursor, encodeCursor, type House } from '../platform/index.ts'
import { contactOfCode, findByKey, findByPhone, findInRanges, type SummaryRow, wordsNear } from './finding-store.ts'
import { withoutOmocodia } from './fiscal-code.ts'
import { withMaskInList } from './masking.ts'
import type { FoundContact, MatchReason } from './model.ts'
import { type KeyRange, readQuery } from './names.ts'
import { type ContactScope, contactScope } from './policy.ts'
import { summaryOf } from './reading.ts'
import { phoneOrRefuse } from './service.ts'
import { isOneMistakeApart, mistakable, restsOf, similarRanges } from './similar.ts'

interface Wanted {
  q?: string | undefined
  phone?: string | undefined
  cursor?: string | undefined
  limit: number
}

/** One page of the contacts that a text or a telephone number finds, as much of each as the actor sees in a list. */
export async function searchContacts(
  house: House,
  actor: Actor,
  wanted: Wanted,
): Promise<{ items: FoundContact[]; next: string | null }> {
  const scope = contactScope(actor)
  if (!scope) return { items: [], next: null }
  const { items, next } = await search(house.database.kysely, scope, wanted)
  const typed = wanted.phone ?? wanted.q
  return { items: items.map(item => withMaskInList(item, actor, typed)), next }
}

async function search(
  db: Db,
  scope: NonNullable<ContactScope>,
  { q = '', phone, cursor, limit }: Wanted,
): Promise<{ items: FoundContact[]; next: string | null }> {
  if (phone !== undefined) {
    const after = decodeCursor(z.tuple([z.uuid()]), cursor)
    const rows = await findByPhone(db, phoneOrRefuse(phone), scope, after?.[0], limit + 1)
    const last = rows.length > limit ? rows[limit - 1] : undefined
    return { items: rows.slice(0, limit).map(row => found(row, 'phone')), next: last ? encodeCursor([last.id]) : null }
  }
  const wanted = readQuery(q)
  const ofCode = cursor === undefined ? await byRequestCode(db, q, scope) : []
  const exact = await inTurn(db, wanted, scope, cursor, limit - ofCode.length)
  const known = exact.rows.filter(({ row }) => !ofCode.some(each => each.id === row.id))
  const certain = [
    ...ofCode.map(row => found(row, 'request-code')),
    ...known.map(({ row, range }) => found(row, reasonOf(row, range))),
  ]
  if (cursor !== undefined || exact.next !== null || certain.length >= limit || !wanted.some(range => range.kind === 'name'))
    return { items: certain, next: exact.next }
  const similar = await similarTo(db, q, scope, limit)
  const others = similar.filter(row => !certain.some(each => each.id === row.id)).map(row => found(row, 'similar-name'))
  return { items: [...certain, ...others].slice(0, limit), next: null }
}

/** A text may be the beginning of keys of several kinds and spellings; they come one after the other. */
async function inTurn(
  db: Db,
  wanted: readonly KeyRange[],
  scope: NonNullable<ContactScope>,
  cursor: string | undefined,
  limit: number,
): Promise<{ rows: { range: KeyRange; row: SummaryRow }[]; next: string | null }> {
  const after = decodeCursor(z.tuple([z.number().int().min(0).max(8), z.string(), z.uuid()]), cursor)
  const rows: { kind: number; range: KeyRange; row: SummaryRow & { key: string } }[] = []
  for (const [kind, range] of wanted.entries()) {
    if (rows.length > limit || (after && kind < after[0])) continue
    const from = after && kind === after[0] ? { key: after[1], id: after[2] } : undefined
    const more = await findByKey(db, range, scope, from, limit + 1 - rows.length, wanted.slice(0, kind))
    rows.push(...more.map(row => ({ kind, range, row })))
  }
  const last = rows.length > limit ? rows[limit - 1] : undefined
  return { rows: rows.slice(0, limit), next: last ? encodeCursor([last.kind, last.row.key, last.row.id]) : null }
}

/** Ten digits may be the code of a request: whose it is. */
async function byRequestCode(db: Db, q: string, scope: NonNullable<ContactScope>): Promise<SummaryRow[]> {
  const digits = q.normalize('NFKC').replace(/[\s.\-/]|\p{Cf}/gu, '')
  return /^\d{10}$/.test(digits) ? contactOfCode(db, digits, scope) : []
}

async function similarTo(db: Db, q: string, scope: NonNullable<ContactScope>, limit: number): Promise<SummaryRow[]> {
  const words = mistakable(q)
  const candidates = words.length === 0 ? [] : await wordsNear(db, [...new Set(words.flatMap(restsOf))])
  const near = new Map(words.map(word => [word, candidates.filter(each => isOneMistakeApart(word, each))]))
  const ranges = similarRanges(q, near)
  return ranges.length === 0 ? [] : findInRanges(db, ranges, scope, limit)
}

function reasonOf(row: SummaryRow, { kind, from }: KeyRange): MatchReason {
  if (kind === 'phone' || kind === 'email') return kind
  if (kind !== 'fiscal-code') return 'name'
  const code = row.fiscal_code ?? ''
  const isOfNow = [code, code.length === 16 ? withoutOmocodia(code) : code].some(each => each.toLowerCase().startsWith(from))
  return isOfNow ? 'fiscal-code' : 'former-fiscal-code'
}

const found = (row: SummaryRow, why: MatchReason): FoundContact => ({ ...summaryOf(row), why })
