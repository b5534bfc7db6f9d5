/** The channels by which answers go out. A new one is its folder, and its line here. */
import { z } from 'zod'
import { type Config, Refused } from '../platform/index.ts'
import { email } from './email/channel.ts'
import { pec } from './pec/channel.ts'
import { phone } from './phone/channel.ts'
import type { OutgoingChannel } from './port.ts'
import { sms } from './sms/channel.ts'

const outgoing = {
  email,
  pec,
  phone,
  sms,
} as const satisfies Record<string, OutgoingChannel>

export type ReplyKind = keyof typeof outgoing
export const ReplyKind = z.enum(Object.keys(outgoing).filter(isReplyKind))

/** An address as it was typed, under the name of its channel. */
export const ReplyTo = z.union(Object.values(outgoing).map(channel => channel.typed))
export type ReplyTo = z.infer<typeof ReplyTo>

function isReplyKind(name: string): name is ReplyKind {
  return Object.hasOwn(outgoing, name)
}

/** The channel of a kind. */
export const channelOf = (kind: ReplyKind): OutgoingChannel => outgoing[kind]

/** By which channel an answer goes, and where to. @throws Refused 422 for an address that cannot exist */
export function readReplyTo(replyTo: ReplyTo): { kind: ReplyKind; address: string } {
  for (const [kind, typed] of Object.entries(replyTo))
    if (isReplyKind(kind)) return { kind, address: outgoing[kind].address(typed) }
  throw new Refused('channels.unknown', { field: 'replyTo' }, 422)
}

/** Whether what is sent by a channel leaves, as this installation is set. What a person brings, does. */
export const leaves = (kind: ReplyKind, config: Config): boolean => channelOf(kind).carried?.leaves(config) ?? true

/** The channels whose messages go through the outbox and leave here. */
export const carriedHere = (config: Config): ReplyKind[] =>
  ReplyKind.options.filter(kind => channelOf(kind).carried?.leaves(config) === true)
