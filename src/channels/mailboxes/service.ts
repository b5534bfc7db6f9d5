/** Use cases of mailboxes: made and changed by administrators, tried before they are kept. */

import { z } from 'zod'
import { setMailSection } from '../../distribution/index.ts'
import { can } from '../../identity/capabilities.ts'
import { type UnitFilter, unitOf, unitsOf } from '../../organisation/index.ts'
import {
  type Actor,
  allowed,
  type Config,
  changedMeanwhile,
  changesOfSettings,
  type Db,
  decodeCursor,
  type House,
  houseSecret,
  type Language,
  lastEntry,
  must,
  notFound,
  pageOf,
  Refused,
  refused,
  sentence,
  unitsIn,
  useCase,
  type Work,
} from '../../platform/index.ts'
import { mailboxChanged, mailboxCreated } from '../events.ts'
import { connectMailbox, MailboxTrouble, openFolder, type ServerSettings, troubleWith } from './imap.ts'
import type { Mailbox, MailboxChange, MailboxReason, MailboxTrial, NewMailbox, TrialOutcome } from './model.ts'
import { seal, unseal } from './sealing.ts'
import {
  hasEnabledMailbox,
  insertMailbox,
  type MailboxRow,
  type MailboxStanding,
  mailboxOfAddress,
  mailboxPage,
  mailboxStandings,
  readMailbox,
  updateMailbox,
} from './store.ts'

const mayKeep = (actor: Actor) =>
  actor.kind === 'system' || can(actor, 'mailboxes.keep') ? allowed : refused('channels.policy.onlyAdministrators')

/** What is kept of a mailbox, without its secret: compared, and told in the journal. */
const settingsOf = (row: MailboxRow) => ({
  address: row.address,
  unitId: row.unit_id,
  host: row.host,
  port: row.port,
  security: row.security,
  userName: row.user_name,
  folder: row.folder,
  afterwards: row.afterwards,
  moveTo: row.move_to,
  signature: row.signature,
  enabled: row.enabled,
})

/** @throws Refused 409 when the address has a mailbox, 422 for a unit that is not there */
export const createMailbox = useCase(async (work, input: NewMailbox): Promise<{ id: string }> => {
  must(mayKeep(work.actor))
  needFolderToMoveTo(input)
  const unit = await needOwner(work.tx, input.unitId)
  const id = work.ids()
  const row = {
    id,
    address: input.address,
    unit_id: unit.id,
    unit_path: unit.path,
    kind: input.kind,
    host: input.host,
    port: input.port,
    security: input.security,
    user_name: input.userName,
    secret: seal(await houseSecret(work.house.config, work.tx), id, input.secret),
    folder: input.folder,
    afterwards: input.afterwards,
    move_to: input.moveTo,
    signature: input.signature,
    enabled: input.enabled,
    created_at: work.now,
  }
  if (!(await insertMailbox(work.tx, row))) throw new Refused('channels.mailboxExists', { field: 'address' }, 409)
  await work.journal(mailboxCreated, { mailboxId: id, address: input.address }, { units: unitsIn(unit.path) })
  await offerMailsOf(work, unit)
  return { id }
})

/**
 * Changes a mailbox. Who points it to another server or user types its secret again: it is not sent to a server that it was not meant for.
 * @throws Refused 412 when somebody else changed it since `version`, 409 for an address that another has, 422
 */
export const changeMailbox = useCase(
  async (work, { id, version, change }: { id: string; version: number; change: MailboxChange }): Promise<{ id: string }> => {
    must(mayKeep(work.actor))
    const before = await readMailbox(work.tx, id, true)
    if (!before) throw notFound('mailbox')
    if (before.version !== version) {
      const last = await lastEntry(work.tx, [mailboxChanged], { payload: ['mailboxId', id] }, work.now)
      throw changedMeanwhile({ version: before.version, ...settingsOf(before) }, last)
    }
    const after = { ...settingsOf(before), ...withoutUndefined(change) }
    needFolderToMoveTo(after)
    const goesElsewhere = after.host !== before.host || after.userName !== before.user_name || after.security !== before.security
    if (goesElsewhere && change.secret === undefined) throw new Refused('channels.secretNeeded', { field: 'secret' }, 422)
    const other = await mailboxOfAddress(work.tx, after.address)
    if (other && other.id !== id) throw new Refused('channels.mailboxExists', { field: 'address' }, 409)
    const unit = await needOwner(work.tx, after.unitId)
    const secret =
      change.secret === undefined ? before.secret : seal(await houseSecret(work.house.config, work.tx), id, change.secret)
    await updateMailbox(work.tx, id, {
      address: after.address,
      unit_id: unit.id,
      unit_path: unit.path,
      host: after.host,
      port: after.port,
      security: after.security,
      user_name: after.userName,
      secret,
      folder: after.folder,
      afterwards: after.afterwards,
      move_to: after.moveTo,
      signature: after.signature,
      enabled: after.enabled,
    })
    const { address, unitId, ...compared } = after
    const earlier = settingsOf(before)
    await work.journal(
      mailboxChanged,
      {
        mailboxId: id,
        changes: changesOfSettings(
          { ...earlier, moveTo: earlier.moveTo ?? '' },
          { address, unitId, ...compared, moveTo: after.moveTo ?? '' },
        ),
        secretChanged: change.secret !== undefined,
      },
      { units: unitsIn(before.unit_path, unit.path) },
    )
    await offerMailsOf(work, unit)
    if (before.unit_id !== unit.id) await offerMailsOf(work, { ...(await needOwner(work.tx, before.unit_id)) })
    return { id }
  },
)

/** The mails of a section of the contact centre are offered to whoever serves it, as long as it has a mailbox. */
async function offerMailsOf(work: Work, unit: { id: string; path: string; kind: string }): Promise<void> {
  if (unit.kind === 'ccm-section') await setMailSection(work, unit, await hasEnabledMailbox(work.tx, unit.id))
}

function needFolderToMoveTo({ afterwards, moveTo, folder }: { afterwards: string; moveTo: string | null; folder: string }): void {
  if ((afterwards === 'move') !== (moveTo !== null) || moveTo === folder)
    throw new Refused('channels.folderToMoveTo', { field: 'moveTo' }, 422)
}

async function needOwner(db: Db, unitId: string) {
  const unit = await unitOf(db, unitId)
  if (!unit) throw new Refused('channels.unitUnknown', { field: 'unitId' }, 422)
  return unit
}

const withoutUndefined = ({ secret: _secret, ...change }: MailboxChange) => {
  const { address, unitId, host, port, security, userName, folder, afterwards, moveTo, signature, enabled } = change
  return {
    ...(address === undefined ? {} : { address }),
    ...(unitId === undefined ? {} : { unitId }),
    ...(host === undefined ? {} : { host }),
    ...(port === undefined ? {} : { port }),
    ...(security === undefined ? {} : { security }),
    ...(userName === undefined ? {} : { userName }),
    ...(folder === undefined ? {} : { folder }),
    ...(afterwards === undefined ? {} : { afterwards }),
    ...(moveTo === undefined ? {} : { moveTo }),
    ...(signature === undefined ? {} : { signature }),
    ...(enabled === undefined ? {} : { enabled }),
  }
}

// --- what is seen ---------------------------------------------------------------------------------------------------

const Cursor = z.tuple([z.string()])

/** One page of mailboxes, by address. */
export async function mailboxList(
  house: House,
  query: { cursor?: string | undefined; limit: number },
  language: Language,
): Promise<{ items: Mailbox[]; next: string | null }> {
  const db = house.database.kysely
  const rows = await mailboxPage(db, decodeCursor(Cursor, query.cursor)?.[0], query.limit + 1)
  const { items, next } = pageOf(rows, query.limit, row => [row.address])
  return { items: await viewsOf(db, items, language), next }
}

/** @throws Refused 404 */
export async function mailboxView(house: House, id: string, language: Language): Promise<Mailbox> {
  const db = house.database.kysely
  const row = await readMailbox(db, id)
  const [view] = row ? await viewsOf(db, [row], language) : []
  if (!view) throw notFound('mailbox')
  return view
}

async function viewsOf(db: Db, rows: readonly MailboxRow[], language: Language): Promise<Mailbox[]> {
  const filter: UnitFilter = { ids: [...new Set(rows.map(row => row.unit_id))] }
  const names = new Map((await unitsOf(db, filter)).map(unit => [unit.id, unit.name]))
  const standings = await mailboxStandings(
    db,
    rows.map(row => row.id),
  )
  return rows.map(row => {
    const { unitId, ...settings } = settingsOf(row)
    return {
      id: row.id,
      ...settings,
      kind: row.kind,
      unit: { id: unitId, name: names.get(unitId) ?? '' },
      standing: standingOf(row, standings.get(row.id), language),
      version: row.version,
    }
  })
}

function standingOf(row: MailboxRow, standing: MailboxStanding | undefined, language: Language): Mailbox['standing'] {
  const isTroubled = row.enabled && standing?.state === 'trouble'
  return {
    state: row.enabled ? (standing?.state ?? 'waiting') : 'off',
    sentence: isTroubled ? sentence(language, `channels.mailboxWhy.${standing.reason ?? 'server'}`, { ...row }) : null,
    since: standing?.since?.toISOString() ?? null,
    lookedAt: standing?.looked_at?.toISOString() ?? null,
    lastMailAt: standing?.last_mail_at?.toISOString() ?? null,
    onServer: standing?.waiting ?? 0,
    unread: standing?.unread ?? 0,
    toExamine: standing?.to_examine ?? 0,
  }
}

// --- trying ---------------------------------------------------------------------------------------------------------

/** The secret of a mailbox. @throws MailboxTrouble when the secret of the house is another one than when it was kept */
export async function secretOf(config: Pick<Config, 'SECRET'>, db: Db, row: Pick<MailboxRow, 'id' | 'secret'>): Promise<string> {
  const secret = unseal(await houseSecret(config, db), row.id, row.secret)
  if (secret === undefined) throw new MailboxTrouble('secret', 'the secret cannot be opened with the key of this installation')
  return secret
}

const maxFolders = 50

/**
 * Tries settings: signs in, opens the folder, counts what is in it; changes nothing there.
 * @throws Refused 422 where a secret has to be typed
 */
export async function tryMailbox(house: House, trial: MailboxTrial, language: Language): Promise<TrialOutcome> {
  const server = { ...trial, secret: await trialSecret(house, trial) }
  const say = (name: string, values: Record<string, unknown>) => sentence(language, `channels.${name}`, values)
  try {
    const { mails, folders } = await lookInto(server)
    return { ok: true, sentence: say('mailboxTried', { count: mails, folder: trial.folder }), detail: null, folders }
  } catch (error) {
    const { reason, message } = troubleWith(error)
    const values: Record<string, unknown> = { ...trial, secret: undefined }
    return { ok: false, sentence: say(`mailboxWhy.${reason satisfies MailboxReason}`, values), detail: message, folders: [] }
  }
}

async function lookInto(server: ServerSettings & { folder: string }): Promise<{ mails: number; folders: string[] }> {
  const connection = await connectMailbox(server)
  try {
    const opened = await openFolder(connection, server.folder)
    const folders = await connection.client.list()
    return { mails: opened.exists, folders: folders.slice(0, maxFolders).map(folder => folder.path) }
  } finally {
    await connection.close()
  }
}

/** The secret that was typed, or that of the mailbox, which goes only to the server and user that it is for. */
async function trialSecret(house: House, { secret, mailboxId, host, userName, security }: MailboxTrial): Promise<string> {
  if (secret !== undefined) return secret
  const db = house.database.kysely
  const row = mailboxId === undefined ? undefined : await readMailbox(db, mailboxId)
  if (!row || row.host !== host || row.user_name !== userName || row.security !== security)
    throw new Refused('channels.secretNeeded', { field: 'secret' }, 422)
  return secretOf(house.config, db, row)
}
