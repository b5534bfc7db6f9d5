/**
 * Mails from a server to the database, each exactly once. A mail is committed with its place there (mailbox, UIDVALIDITY, UID) before it is
 * marked, moved or deleted on the server; whoever dies in between finds it undone, and does that again. The same bytes are one mail, also
 * when the server has numbered everything anew.
 */
import { type BroughtBlob, bringBlob, type House, inTransaction, keepBlob, system, type Work } from '../../platform/index.ts'
import { type MailboxConnection, MailboxTrouble, openFolder } from '../mailboxes/imap.ts'
import { comparedAt, type MailboxRow, writeMailboxState } from '../mailboxes/store.ts'
import { insertPlace, insertRawMail, lastUid, markPlacesDone, placesAfter, placesToDo, rawMailByHash } from './raw-store.ts'

/** A larger mail is not fetched: its head is, and somebody is told. Base64 makes 30 MB of attachments 41 MB of mail. */
export const maxMailBytes = 50 * 1024 * 1024
/** So much is fetched, and committed, together. */
const batchMails = 25
const batchBytes = 8 * 1024 * 1024
const doneBatch = 200
const placesBatch = 10_000
const compareEveryMs = 24 * 3_600_000

/** A mail as the server gave it. */
interface Fetched {
  uid: number
  bytes: Buffer
  sizeBytes: number
  isWhole: boolean
  receivedAt: Date
}

/**
 * Fetches what is new. Returns how many mails there were.
 * @param stored hears of mails that are committed
 * @throws MailboxTrouble, or what the connection or the database throws: nothing is lost, and the next look goes on from there
 */
export async function fetchNew(
  house: House,
  mailbox: MailboxRow,
  connection: MailboxConnection,
  stored: () => void,
): Promise<number> {
  const db = house.database.kysely
  const opened = await openFolder(connection, mailbox.folder)
  const uidValidity = Number(opened.uidValidity)
  await finishThere(house, mailbox, connection, uidValidity)
  const last = await lastUid(db, mailbox.id, uidValidity)
  const found = await connection.client.search({ uid: `${last + 1}:*` }, { uid: true })
  // A range up to `*` has the last mail in it, also when that is below its beginning (RFC 3501 §9, seq-range).
  const uids = (Array.isArray(found) ? found : []).filter(uid => uid > last).toSorted((a, b) => a - b)
  const note = (waiting: number) =>
    writeMailboxState(db, mailbox.id, { waiting, uid_validity: uidValidity, looked_at: new Date(house.clock.now()) })
  await note(uids.length)
  await fetchMails(house, mailbox, connection, { uidValidity, uids }, async left => {
    stored()
    await finishThere(house, mailbox, connection, uidValidity)
    await note(left)
  })
  return uids.length
}

/**
 * Once a day: compares mail by mail what lies on the server with what is here, and fetches what was missed. New mails are found by their number
 * alone; this finds what no number tells of, e.g. after a restore of the database.
 */
export async function compareDaily(
  house: House,
  mailbox: MailboxRow,
  connection: MailboxConnection,
  stored: () => void,
): Promise<void> {
  const db = house.database.kysely
  const last = await comparedAt(db, mailbox.id)
  if (last !== null && house.clock.now() - last.getTime() < compareEveryMs) return
  const opened = await openFolder(connection, mailbox.folder)
  const uidValidity = Number(opened.uidValidity)
  const through = await lastUid(db, mailbox.id, uidValidity)
  const found = through === 0 ? [] : await connection.client.search({ uid: `1:${through}` }, { uid: true })
  const there = (Array.isArray(found) ? found : []).toSorted((a, b) => a - b)
  const here = await placesOf(house, mailbox, uidValidity)
  const missed = there.filter(uid => !here.has(uid))
  await fetchMails(house, mailbox, connection, { uidValidity, uids: missed }, async () => {
    stored()
    await finishThere(house, mailbox, connection, uidValidity)
  })
  const compared = { compared_at: new Date(house.clock.now()), compared_count: there.length, missed_count: missed.length }
  await writeMailboxState(db, mailbox.id, compared)
}

async function placesOf(house: House, mailbox: MailboxRow, uidValidity: number): Promise<ReadonlySet<number>> {
  const all = new Set<number>()
  for (let after = 0; ; ) {
    const uids = await placesAfter(house.database.kysely, mailbox.id, uidValidity, after, placesBatch)
    for (const uid of uids) all.add(uid)
    if (uids.length < placesBatch) return all
    after = uids.at(-1) ?? after
  }
}

/**
 * Fetches some mails, a batch in each transaction.
 * @param committed hears after each batch how many are left
 */
export async function fetchMails(
  house: House,
  mailbox: MailboxRow,
  connection: MailboxConnection,
  { uidValidity, uids }: { uidValidity: number; uids: readonly number[] },
  committed: (left: number) => Promise<void>,
): Promise<void> {
  for (let at = 0; at < uids.length; ) {
    const { mails, through } = await fetchBatch(connection, uids.slice(at, at + batchMails))
    const brought = new Map<Fetched, BroughtBlob>()
    for (const mail of mails) brought.set(mail, await bringBlob(house, mail.bytes))
    await inTransaction(house, system('mail'), async work => {
      for (const [mail, blob] of brought) await keepRaw(work, mailbox, uidValidity, mail, blob)
    })
    at += through
    if (mails.length > 0)
      await writeMailboxState(house.database.kysely, mailbox.id, { last_mail_at: new Date(house.clock.now()) })
    await committed(uids.length - at)
  }
}

/** The first mails of a list, as many as fit into a batch. `through`: so many of the list are dealt with. */
async function fetchBatch(
  { client }: MailboxConnection,
  uids: readonly number[],
): Promise<{ mails: Fetched[]; through: number }> {
  const sizes = new Map(
    (await client.fetchAll(uids.join(','), { uid: true, size: true }, { uid: true })).map(each => [each.uid, each.size ?? 0]),
  )
  let bytes = 0
  let through = 0
  for (const uid of uids) {
    const size = Math.min(sizes.get(uid) ?? 0, maxMailBytes)
    if (through > 0 && bytes + size > batchBytes) break
    bytes += size
    through++
  }
  const there = uids.slice(0, through).filter(uid => sizes.has(uid))
  const large = there.filter(uid => (sizes.get(uid) ?? 0) > maxMailBytes)
  const whole = there.filter(uid => !large.includes(uid))
  const mails: Fetched[] = []
  if (whole.length > 0) {
    const query = { uid: true, source: true, internalDate: true } as const
    for (const { uid, source, internalDate } of await client.fetchAll(whole.join(','), query, { uid: true }))
      if (source) mails.push({ uid, bytes: source, sizeBytes: source.length, isWhole: true, receivedAt: instantOf(internalDate) })
  }
  for (const uid of large) {
    const found = await client.fetchOne(String(uid), { uid: true, headers: true, internalDate: true }, { uid: true })
    if (found !== false && found.headers)
      mails.push({
        uid,
        bytes: found.headers,
        sizeBytes: sizes.get(uid) ?? 0,
        isWhole: false,
        receivedAt: instantOf(found.internalDate),
      })
  }
  return { mails: mails.toSorted((a, b) => a.uid - b.uid), through }
}

function instantOf(date: Date | string | undefined): Date {
  const at = new Date(date ?? Number.NaN)
  return Number.isNaN(at.getTime()) ? new Date() : at
}

/** Keeps a mail and its place; of a mail that is here already only the place. */
async function keepRaw(work: Work, mailbox: MailboxRow, uidValidity: number, mail: Fetched, blob: BroughtBlob): Promise<void> {
  const { sha256 } = blob
  const place = { mailbox_id: mailbox.id, uid_validity: uidValidity, uid: mail.uid, done_at: null }
  const known = await rawMailByHash(work.tx, mailbox.id, sha256)
  if (known) return void (await insertPlace(work.tx, { ...place, raw_mail_id: known.id }))
  const id = work.ids()
  const inserted = await insertRawMail(work.tx, {
    id,
    mailbox_id: mailbox.id,
    sha256,
    size_bytes: mail.sizeBytes,
    is_whole: mail.isWhole,
    blob_id: await keepBlob(work, blob),
    received_at: mail.receivedAt,
    fetched_at: work.now,
    state: 'fetched',
    reason: null,
    detail: null,
    taken_until: null,
    settled_at: null,
    settled_by: null,
  })
  // Somebody else has kept it at the same moment: the transaction is repeated as a whole by the next look.
  if (!inserted) throw new MailboxTrouble('server', 'another process reads this mailbox at the same time')
  await insertPlace(work.tx, { ...place, raw_mail_id: id })
}

/** Marks, moves or deletes on the server what is here. */
async function finishThere(house: House, mailbox: MailboxRow, { client }: MailboxConnection, uidValidity: number): Promise<void> {
  const db = house.database.kysely
  for (;;) {
    const uids = await placesToDo(db, mailbox.id, uidValidity, doneBatch)
    if (uids.length === 0) return
    const range = uids.join(',')
    const done =
      mailbox.afterwards === 'delete'
        ? await client.messageDelete(range, { uid: true })
        : mailbox.afterwards === 'move' && mailbox.move_to !== null
          ? await client.messageMove(range, mailbox.move_to, { uid: true })
          : await client.messageFlagsAdd(range, ['\\Seen'], { uid: true })
    if (done === false && mailbox.afterwards === 'move')
      throw new MailboxTrouble('folder', `mails could not be moved to ${mailbox.move_to ?? ''}`)
    await markPlacesDone(db, mailbox.id, uidValidity, uids, new Date(house.clock.now()))
  }
}
