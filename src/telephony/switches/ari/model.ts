/**
 * The part of Asterisk's REST interface that we read: channels, bridges, playbacks and the events we act on.
 *
 * Asterisk describes itself in `rest-api/*.json` of its sources; the fields here are those of version 22.11. Schemas keep only
 * what we use, so a newer Asterisk that adds fields changes nothing for us.
 */
import { z } from 'zod'

const CallerId = z.object({ name: z.string(), number: z.string() })
const Variables = z.record(z.string(), z.string())

/** One leg: a telephone line between Asterisk and somebody. */
export const AriChannel = z.object({
  id: z.string(),
  /** The SIP Call-ID, to find the call in a trace. */
  protocol_id: z.string().default(''),
  name: z.string(),
  /** `Ring`: somebody calls us. `Ringing`: we call somebody. `Up`: answered. */
  state: z.enum([
    'Down',
    'Rsrved',
    'OffHook',
    'Dialing',
    'Ring',
    'Ringing',
    'Up',
    'Busy',
    'Dialing Offhook',
    'Pre-ring',
    'Unknown',
  ]),
  caller: CallerId,
  connected: CallerId,
  dialplan: z.object({ context: z.string(), exten: z.string(), app_name: z.string(), app_data: z.string() }),
  creationtime: z.string(),
  language: z.string(),
  /** Variables set with `report`: who this leg is, as we told Asterisk. Empty values of variables never set are left out. */
  channelvars: Variables.transform(keepSet).default({}),
})
export type AriChannel = z.output<typeof AriChannel>

/** What joins legs, so that they hear each other (`mixing`) or music (`holding`). */
export const Bridge = z.object({
  id: z.string(),
  bridge_type: z.enum(['mixing', 'holding']),
  bridge_class: z.string(),
  creator: z.string(),
  name: z.string(),
  channels: z.array(z.string()),
  creationtime: z.string(),
  bridgevars: Variables.transform(keepSet).default({}),
})
export type Bridge = z.output<typeof Bridge>

export const Playback = z.object({
  id: z.string(),
  media_uri: z.string(),
  /** In `PlaybackContinuing`: what is played next of the list. */
  next_media_uri: z.string().optional(),
  /** `channel:<id>` or `bridge:<id>`. */
  target_uri: z.string(),
  /** `failed`: nothing was heard, e.g. the file is missing. A playback that was stopped ends as `done`. */
  state: z.enum(['queued', 'playing', 'continuing', 'done', 'failed']),
})
export type Playback = z.output<typeof Playback>

export const Endpoint = z.object({
  technology: z.string(),
  resource: z.string(),
  /** `online`: somebody is registered (or, for a fixed address, it is reachable as far as is known). */
  state: z.enum(['unknown', 'offline', 'online']).default('unknown'),
  channel_ids: z.array(z.string()),
})
export type Endpoint = z.output<typeof Endpoint>

export const Info = z.object({
  system: z.object({ version: z.string(), entity_id: z.string() }),
  status: z.object({ startup_time: z.string() }),
})

/** Applications that somebody has opened. */
export const Applications = z.array(z.object({ name: z.string() }))

function keepSet(variables: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''))
}

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), timestamp: z.string(), ...shape })

/** The events that we can read. Of these a client asks Asterisk for those that it acts on; everything else is filtered at the source. */
export const AriEvent = z.discriminatedUnion('type', [
  /** A leg came under our control. Only from here on may it be put into a bridge. */
  event('StasisStart', { args: z.array(z.string()), channel: AriChannel }),
  /** A leg left our control: hung up, or sent on into the dialplan. */
  event('StasisEnd', { channel: AriChannel }),
  event('ChannelCreated', { channel: AriChannel }),
  event('ChannelStateChange', { channel: AriChannel }),
  /** The other side hung up, or asked to (a leg in a bridge stays until we hang up). */
  event('ChannelHangupRequest', { channel: AriChannel, cause: z.number().optional(), soft: z.boolean().optional() }),
  /** A leg is gone. `cause` is ITU-T Q.850: 16 normal, 17 busy, 19 no answer, 20 not registered, 21 declined, 26 answered elsewhere. */
  event('ChannelDestroyed', { channel: AriChannel, cause: z.number(), cause_txt: z.string() }),
  event('ChannelDtmfReceived', { channel: AriChannel, digit: z.string(), duration_ms: z.number() }),
  event('PlaybackStarted', { playback: Playback }),
  /** One of a list has been played, the next one begins. */
  event('PlaybackContinuing', { playback: Playback }),
  event('PlaybackFinished', { playback: Playback }),
  /** Another program took our place: the same application was opened from elsewhere, and its events go there from now on. */
  event('ApplicationReplaced', {}),
])
export type AriEvent = z.output<typeof AriEvent>
export type AriEventType = AriEvent['type']
/** The event of one type: `EventOf<'StasisStart'>`. */
export type EventOf<T extends AriEventType> = Extract<AriEvent, { type: T }>

/** The types of the events that we can read. */
export const ariEventTypes: readonly AriEventType[] = AriEvent.options.map(option => option.shape.type.value)
