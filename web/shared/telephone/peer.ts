/**
 * The way of the sound between two browsers (WebRTC). The program says who offers; the other answers. Signals are carried by whoever owns
 * the peer, so the same code serves the operator's telephone and the citizen's.
 *
 * The connection outlives its signalling: when the WebSocket is lost the sound goes on, and what could not be sent waits for the next one.
 */
import type { Signal } from '../../../src/telephony/switches/browser/protocol.ts'

export interface PeerEvents {
  send(signal: Signal): void
  sound(stream: MediaStream): void
  reconnecting(on: boolean): void
}

export class Peer {
  readonly connection: RTCPeerConnection
  readonly #events: PeerEvents
  readonly #initiator: boolean
  /** Candidates that came before the description that they belong to. */
  readonly #early: RTCIceCandidateInit[] = []
  /** Signals are taken one after the other: an answer must not overtake its offer. */
  #queue: Promise<void> = Promise.resolve()

  constructor(options: { voice: MediaStream; iceServers: RTCIceServer[]; initiator: boolean }, events: PeerEvents) {
    this.#events = events
    this.#initiator = options.initiator
    this.connection = new RTCPeerConnection({ iceServers: options.iceServers })
    for (const track of options.voice.getAudioTracks()) this.connection.addTrack(track, options.voice)
    this.connection.addEventListener('icecandidate', ({ candidate }) => {
      if (candidate) events.send(signalOf(candidate))
    })
    this.connection.addEventListener('track', ({ streams, track }) => events.sound(streams[0] ?? new MediaStream([track])))
    this.connection.addEventListener('connectionstatechange', () => this.#connectionChanged())
    if (this.#initiator) this.#offer()
  }

  take(signal: Signal): void {
    this.#then(async () => {
      if (signal.kind === 'candidate') {
        if (signal.candidate === '') return
        const { candidate, sdpMid, sdpMLineIndex } = signal
        const init = { candidate, sdpMid, sdpMLineIndex }
        if (this.connection.remoteDescription) await this.connection.addIceCandidate(init)
        else this.#early.push(init)
        return
      }
      // An answer to an offer that a newer one has replaced.
      if (signal.kind === 'answer' && this.connection.signalingState !== 'have-local-offer') return
      await this.connection.setRemoteDescription({ type: signal.kind, sdp: signal.sdp })
      for (const candidate of this.#early.splice(0)) await this.connection.addIceCandidate(candidate)
      if (signal.kind === 'answer') return
      const answer = await this.connection.createAnswer()
      await this.connection.setLocalDescription(answer)
      this.#events.send({ kind: 'answer', sdp: answer.sdp ?? '' })
    })
  }

  close(): void {
    this.connection.close()
  }

  #offer(iceRestart = false): void {
    this.#then(async () => {
      const description = await this.connection.createOffer({ iceRestart })
      await this.connection.setLocalDescription(description)
      this.#events.send({ kind: 'offer', sdp: description.sdp ?? '' })
    })
  }

  #connectionChanged(): void {
    const state = this.connection.connectionState
    if (state === 'connected') this.#events.reconnecting(false)
    if (state === 'disconnected' || state === 'failed') this.#events.reconnecting(true)
    // Another network: new candidates, offered by the side that offered before.
    if (state === 'failed' && this.#initiator) this.#offer(true)
  }

  #then(step: () => Promise<void>): void {
    this.#queue = this.#queue.then(step).catch((error: unknown) => {
      if (this.connection.signalingState !== 'closed') console.warn('a signal could not be taken', error)
    })
  }
}

function signalOf(candidate: RTCIceCandidate): Signal {
  const { candidate: text, sdpMid, sdpMLineIndex } = candidate
  return { kind: 'candidate', candidate: text, sdpMid, sdpMLineIndex }
}
