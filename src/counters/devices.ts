/**
 * Kiosks and displays: machines that stand where anybody can reach them. A keeper registers one and is shown a code, once; somebody types it in at the
 * machine, which from then on holds a token in a cookie that no script can read. The token opens what its kind of device needs and nothing else, and
 * ends when the device is disabled.
 */
import { createHash, randomBytes, randomInt } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { unitOf } from '../organisation/index.ts'
import {
  type House,
  isSecure,
  must,
  notFound,
  Refused,
  type SystemActor,
  system,
  unitsIn,
  useCase,
  type Work,
} from '../platform/index.ts'
import { counterDeviceChanged } from './events.ts'
import type { DeviceKind, NewDevice, PairingCode } from './model.ts'
import { mayKeepCounters, maySeeCounters } from './policy.ts'
import { deviceByPairing, deviceByToken, hallsByIds, insertDevice, readDevice, updateDevice } from './setup-store.ts'
import type { DeviceRow } from './tables.ts'

/** Typed by hand: without letters and digits that look alike. */
const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const codeLength = 8
/** Somebody walks from the office to the hall meanwhile. */
const pairingMs = 30 * 60_000
/** Browsers keep no cookie longer (RFC 6265bis §5.5). */
const cookieSeconds = 400 * 86_400

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest()
/** As it is typed: without the hyphen, in capitals. */
const plainCode = (code: string): string => code.toUpperCase().replace(/[^A-Z0-9]/g, '')

/** The hash of a code that somebody types, as it is kept. */
export const pairingHashOf = (code: string): Buffer => hashOf(plainCode(code))

/** Registers a device of an office. A display that goes on where another is full has its halls. @throws Refused 404, 403; 422 for a hall or a display of another office */
export const addDevice = useCase(
  async (work, { unitId, kind, name, hallIds: wanted, rows, goesOn }: NewDevice): Promise<PairingCode> => {
    const unit = await unitOf(work.tx, unitId)
    if (!unit || !maySeeCounters(work.actor, unit.path)) throw notFound('unit')
    must(mayKeepCounters(work.actor, unit.path))
    const before = goesOn === null ? undefined : await readDevice(work.tx, goesOn)
    if (goesOn !== null && (kind !== 'display' || before?.kind !== 'display' || before.unit_id !== unitId || before.disabled_at))
      throw new Refused('counters.displayElsewhere', { field: 'goesOn' }, 422)
    const hallIds = before?.hall_ids ?? wanted
    const halls = await hallsByIds(work.tx, hallIds)
    if (halls.length < new Set(hallIds).size || halls.some(hall => hall.unit_id !== unitId))
      throw new Refused('counters.hallElsewhere', { field: 'hallIds' }, 422)
    const row: DeviceRow = {
      ...{ id: work.ids(), unit_id: unitId, kind, name, hall_ids: hallIds, pairing_hash: null, pairing_until: null },
      ...{ token_hash: null, connected_at: null, disabled_at: null, rows, goes_on: goesOn },
    }
    await insertDevice(work.tx, row)
    await note(work, row, unit.path, 'added')
    return newCode(work, row.id)
  },
)

/** A new code for a device: the machine that had it before has it no longer. @throws Refused 404, 403, 409 for one that is disabled */
export const renewDeviceCode = useCase(async (work, { deviceId }: { deviceId: string }): Promise<PairingCode> => {
  const { device, path } = await ownDevice(work, deviceId)
  if (device.disabled_at !== null) throw new Refused('counters.deviceDisabled', { name: device.name }, 409)
  await updateDevice(work.tx, deviceId, { token_hash: null, connected_at: null })
  await note(work, device, path, 'code')
  return newCode(work, deviceId)
})

/** Disables a device, at once and for ever. @throws Refused 404, 403 */
export const disableDevice = useCase(async (work, { deviceId }: { deviceId: string }): Promise<{ deviceId: string }> => {
  const { device, path } = await ownDevice(work, deviceId)
  await updateDevice(work.tx, deviceId, {
    ...{ disabled_at: device.disabled_at ?? work.now, token_hash: null, pairing_hash: null, connected_at: null },
  })
  await note(work, device, path, 'disabled')
  return { deviceId }
})

async function ownDevice(work: Work, deviceId: string): Promise<{ device: DeviceRow; path: string }> {
  const device = await readDevice(work.tx, deviceId)
  const unit = device && (await unitOf(work.tx, device.unit_id))
  if (!device || !unit || !maySeeCounters(work.actor, unit.path)) throw notFound('device')
  must(mayKeepCounters(work.actor, unit.path))
  return { device, path: unit.path }
}

async function newCode(work: Work, deviceId: string): Promise<PairingCode> {
  const plain = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  const until = new Date(work.now.getTime() + pairingMs)
  await updateDevice(work.tx, deviceId, { pairing_hash: hashOf(plain), pairing_until: until })
  return { deviceId, code: `${plain.slice(0, 4)}-${plain.slice(4)}`, until: until.toISOString() }
}

const note = (work: Work, device: DeviceRow, path: string, what: 'added' | 'code' | 'connected' | 'disabled') =>
  work.journal(counterDeviceChanged, { unitId: device.unit_id, deviceId: device.id, what }, { units: unitsIn(path) })

/** A machine takes up the device of a code, once. Returns its kind and the token. @throws Refused 403 for a code that is none, or is over */
export const connectDevice = useCase(async (work, { code }: { code: string }): Promise<{ kind: DeviceKind; token: string }> => {
  const device = await deviceByPairing(work.tx, pairingHashOf(code), work.now)
  if (!device) throw new Refused('counters.codeUnknown', { field: 'code' }, 403)
  const unit = await unitOf(work.tx, device.unit_id)
  const token = randomBytes(32).toString('base64url')
  await updateDevice(work.tx, device.id, {
    ...{ token_hash: hashOf(token), pairing_hash: null, pairing_until: null, connected_at: work.now },
  })
  await note(work, device, unit?.path ?? '', 'connected')
  return { kind: device.kind, token }
})

// --- the cookie -------------------------------------------------------------------------------------------------------

const nameOf = (house: House, headers: IncomingHttpHeaders): string =>
  isSecure(house.config, headers) ? '__Host-device' : 'device'

/** The value of `Set-Cookie` that gives a device its token. */
export const deviceCookie = (house: House, headers: IncomingHttpHeaders, token: string): string =>
  `${nameOf(house, headers)}=${token}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${cookieSeconds}${isSecure(house.config, headers) ? '; Secure' : ''}`

/** The device that a request comes from. @throws Refused 403 for one that is none of this kind, or is disabled */
export async function deviceOf(house: House, headers: IncomingHttpHeaders, kind: DeviceKind): Promise<DeviceRow> {
  const name = `${nameOf(house, headers)}=`
  const held = (headers.cookie ?? '')
    .split(';')
    .map(part => part.trim())
    .find(part => part.startsWith(name))
  const device = held && (await deviceByToken(house.database.kysely, hashOf(held.slice(name.length))))
  if (!device || device.kind !== kind) throw new Refused('counters.deviceUnknown', {}, 403)
  return device
}

/** Who does what a device asks for. */
export const actorOfDevice = ({ id }: DeviceRow): SystemActor => system(`device ${id}`)
