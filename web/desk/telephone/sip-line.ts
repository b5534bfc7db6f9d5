/**
 * The line to Asterisk: SIP over WebSocket (RFC 7118), with JsSIP. The program hands the socket on to Asterisk, with credentials that hold
 * for this session only.
 */
import { UA, WebSocketInterface } from 'jssip'
import type { RTCSession } from 'jssip/lib/RTCSession.js'
import type { HearLine, Line } from './line.ts'

export interface SipAccount {
  /** Address of the WebSocket. */
  socket: string
  /** `sip:name@host` */
  uri: string
  user: string
  password: string
}

/**
 * Candidates that were found within this time are enough. A STUN server that cannot be reached would otherwise delay every answer by ten
 * seconds and more (versatica/JsSIP#804).
 */
const iceGatheringMs = 700
const registerExpiresSeconds = 120

export function openSipLine(account: SipAccount, hear: HearLine): Line {
  let session: RTCSession | undefined
  const socket = new WebSocketInterface(account.socket)
  const agent = new UA({
    sockets: [socket],
    uri: account.uri,
    authorization_user: account.user,
    password: account.password,
    register: true,
    register_expires: registerExpiresSeconds,
    // A lost network is looked for again soon and often; registering again follows by itself.
    connection_recovery_min_interval: 1,
    connection_recovery_max_interval: 8,
    session_timers: false,
    user_agent: 'Filo Diretto',
  })

  agent.on('connecting', () => hear({ type: 'line', state: 'connecting' }))
  agent.on('registered', () => hear({ type: 'line', state: 'ready' }))
  agent.on('disconnected', () => hear({ type: 'line', state: 'lost' }))
  agent.on('registrationFailed', ({ response }) => hear({ type: 'line', state: response ? 'refused' : 'lost' }))
  agent.on('newRTCSession', ({ session: arrived }: { session: RTCSession }) => {
    if (session && !session.isEnded()) {
      arrived.terminate({ status_code: 486 })
      return
    }
    session = arrived
    follow(arrived)
  })
  agent.start()

  function follow(current: RTCSession): void {
    const leg = current.id
    const over = () => {
      if (session === current) session = undefined
      hear({ type: 'ended', leg })
    }
    current.on('peerconnection', ({ peerconnection }) => {
      peerconnection.addEventListener('track', ({ streams, track }) =>
        hear({ type: 'sound', leg, stream: streams[0] ?? new MediaStream([track]) }),
      )
      peerconnection.addEventListener('connectionstatechange', () => {
        const { connectionState } = peerconnection
        if (connectionState === 'disconnected' || connectionState === 'failed') hear({ type: 'reconnecting', leg, on: true })
        if (connectionState === 'connected') hear({ type: 'reconnecting', leg, on: false })
        // A changed network: new candidates in a re-INVITE, once the socket is back.
        if (connectionState === 'failed' && agent.isConnected())
          current.renegotiate({ rtcOfferConstraints: { iceRestart: true } })
      })
    })
    let enough: ReturnType<typeof setTimeout> | undefined
    current.on('icecandidate', ({ ready }) => {
      enough ??= setTimeout(ready, iceGatheringMs)
    })
    current.on('sdp', () => clearTimeout(enough))
    current.on('ended', over)
    current.on('failed', over)
    current.on('getusermediafailed', over)
    hear({ type: 'rings', leg })
  }

  return {
    answer(leg, voice) {
      if (session?.id !== leg || session.isEstablished() || session.isEnded()) return
      session.answer({ mediaStream: voice, pcConfig: { iceServers: [] } })
    },
    hangUp(leg) {
      if (session?.id === leg && !session.isEnded()) session.terminate()
    },
    connection: () => session?.connection,
    close() {
      // A page that is reloaded must not cut the caller off, and stopping says BYE to whoever is talked to, which counts as hanging up. So
      // the connection goes first: the program notices the lost page within seconds and rings the same operator again.
      if (session && !session.isEnded()) socket.disconnect()
      // Between calls it unregisters, so that Asterisk does not ring a page that is gone.
      agent.stop()
    },
  }
}
