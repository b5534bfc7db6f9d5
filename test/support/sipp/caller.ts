/**
 * The caller of `caller.xml`, filled in: what it says is a tone, written as a recording of packets (pcap) that sipp plays.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { toALaw } from '../sip-telephone.ts'

const scenario = join(import.meta.dirname, 'caller.xml')
const packetMs = 20
const packetSamples = 160

export interface CallerOptions {
  /** The number that is shown, E.164. */
  from: string
  /** Where the sound for the caller goes on loopback. */
  heardPort: number
  /** How long the caller listens before pressing the key, counted from the answer. */
  listenMs: number
  key: string
  /** File of the sound that the caller makes; see `toneRecording`. */
  voice: string
}

/** The scenario, for `runSipp`. */
export const listeningCaller = (options: CallerOptions): string =>
  readFileSync(scenario, 'utf8').replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = Object.entries(options).find(([key]) => key === name)?.[1]
    if (value === undefined) throw new Error(`caller.xml asks for {{${name}}}, which is not given.`)
    return String(value)
  })

/** A tone of this frequency in Hz as recorded packets: pcap, Ethernet, IPv4, UDP, RTP with G.711 A-law. sipp puts in addresses and ports. */
export function toneRecording(frequency: number, seconds: number): Buffer {
  const file = Buffer.alloc(24)
  file.writeUInt32LE(0xa1b2c3d4, 0)
  file.writeUInt16LE(2, 4)
  file.writeUInt16LE(4, 6)
  file.writeUInt32LE(65_535, 16)
  file.writeUInt32LE(1, 20)
  const packets = Array.from({ length: (seconds * 1_000) / packetMs }, (_, index) => recorded(packet(frequency, index), index))
  return Buffer.concat([file, ...packets])
}

function recorded(bytes: Buffer, index: number): Buffer {
  const head = Buffer.alloc(16)
  head.writeUInt32LE(Math.floor((index * packetMs) / 1_000), 0)
  head.writeUInt32LE(((index * packetMs) % 1_000) * 1_000, 4)
  head.writeUInt32LE(bytes.length, 8)
  head.writeUInt32LE(bytes.length, 12)
  return Buffer.concat([head, bytes])
}

function packet(frequency: number, index: number): Buffer {
  const ethernet = Buffer.alloc(14)
  ethernet.writeUInt16BE(0x0800, 12)
  const rtp = Buffer.alloc(12 + packetSamples)
  rtp[0] = 0x80
  rtp[1] = 8
  rtp.writeUInt16BE(index & 0xffff, 2)
  rtp.writeUInt32BE(index * packetSamples, 4)
  rtp.writeUInt32BE(0x0f110001, 8)
  for (let i = 0; i < packetSamples; i++) {
    const time = (index * packetSamples + i) / 8_000
    rtp[12 + i] = toALaw(Math.round(8_000 * Math.sin(2 * Math.PI * frequency * time)))
  }
  const udp = Buffer.alloc(8)
  udp.writeUInt16BE(8 + rtp.length, 4)
  const ip = Buffer.alloc(20)
  ip[0] = 0x45
  ip.writeUInt16BE(28 + rtp.length, 2)
  ip[8] = 64
  ip[9] = 17
  ip.writeUInt32BE(0x7f000001, 12)
  ip.writeUInt32BE(0x7f000001, 16)
  return Buffer.concat([ethernet, ip, udp, rtp])
}
