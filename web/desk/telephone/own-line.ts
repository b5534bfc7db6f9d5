/**
 * The line to the program's own switch, for trying without any telephone: the two browsers are connected by WebRTC, the program carries
 * their signals and no voice.
 */
import '../../shared/telephone/plain-zod.ts'
import { type FromDesk, protocolVersion, ToDesk } from '../../../src/telephony/switches/browser/protocol.ts'
import { Peer } from '../../shared/telephone/peer.ts'
import { openSignalling } from '../../shared/telephone/signalling.ts'
import type { HearLine, TelephoneLine } from './line.ts'

export interface OwnLineOptions {
  address: string
  pageId: string
  /** The operator's microphone, when it is open. */
  voice(): MediaStream | undefined
}

interface Leg {
  leg: string
  token: string
  answered: boolean
  peer: { connection: string; peer: Peer } | undefined
}

export function openOwnLine(options: OwnLineOptions, hear: HearLine): TelephoneLine {
  let current: Leg | undefined
  let iceServers: RTCIceServer[] = []

  const signalling = openSignalling<ToDesk, FromDesk>({
    address: options.address,
    schema: ToDesk,
    hello: () => ({
      type: 'hello',
      version: protocolVersion,
      pageId: options.pageId,
      ...(current ? { resume: { token: current.token, connection: current.peer?.connection ?? null } } : {}),
    }),
    hear: take,
    state: state => hear({ type: 'line', state }),
    ended: why => {
      end()
      hear({ type: 'line', state: why === 'replaced' ? 'lost' : 'refused' })
    },
  })

  function take(message: ToDesk): void {
    switch (message.type) {
      case 'welcome':
        if (message.iceServers.length > 0) iceServers = message.iceServers.map(iceServerOf)
        if (current && !message.resumed) end()
        return
      case 'ring':
        if (current?.leg === message.leg) {
          current.token = message.token
          return
        }
        if (current) end()
        current = { leg: message.leg, token: message.token, answered: false, peer: undefined }
        hear({ type: 'rings', leg: message.leg })
        return
      case 'connect':
        if (current?.leg === message.leg) connect(current, message.connection, message.initiator)
        return
      case 'signal':
        if (current?.peer?.connection === message.connection) current.peer.peer.take(message.signal)
        return
      case 'disconnect':
        if (current?.peer?.connection !== message.connection) return
        current.peer.peer.close()
        current.peer = undefined
        return
      case 'ended':
        if (current?.leg === message.leg) end()
    }
  }

  function connect(leg: Leg, connection: string, initiator: boolean): void {
    leg.peer?.peer.close()
    const voice = options.voice()
    if (!voice) return
    const peer = new Peer(
      { voice, iceServers, initiator },
      {
        send: signal => signalling.send({ type: 'signal', connection, signal }),
        sound: stream => hear({ type: 'sound', leg: leg.leg, stream }),
        reconnecting: on => hear({ type: 'reconnecting', leg: leg.leg, on }),
      },
    )
    leg.peer = { connection, peer }
  }

  function end(): void {
    if (!current) return
    const { leg, peer } = current
    current = undefined
    peer?.peer.close()
    hear({ type: 'ended', leg })
  }

  return {
    answer(leg) {
      if (current?.leg !== leg || current.answered) return
      current.answered = true
      signalling.send({ type: 'answer', leg })
    },
    hangUp(leg) {
      if (current?.leg !== leg) return
      signalling.send({ type: current.answered ? 'hang-up' : 'decline', leg })
      end()
    },
    connection: () => current?.peer?.peer.connection,
    close() {
      current?.peer?.peer.close()
      current = undefined
      signalling.close()
    },
  }
}

function iceServerOf(server: { urls: string; username?: string | undefined; credential?: string | undefined }): RTCIceServer {
  return {
    urls: server.urls,
    ...(server.username === undefined ? {} : { username: server.username }),
    ...(server.credential === undefined ? {} : { credential: server.credential }),
  }
}
