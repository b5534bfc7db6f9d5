/**
 * sipp, for calls in volume and for a second opinion on SIP: runs a scenario and says how many calls came through.
 */
import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SippOptions {
  /** The text of the scenario. */
  scenario: string
  /** Port of the SIP server on loopback. */
  server: number
  number: string
  calls?: number
  /** New calls a second. */
  rate?: number
  /** What `[name]` in the scenario stands for. */
  values?: Readonly<Record<string, string>>
  withinMs?: number
}

export interface SippResult {
  /** 0: every call ended as the scenario says. */
  code: number | null
  successful: number
  failed: number
  /** What it complained about. */
  complaints: string
}

/** Runs sipp to its end. */
export async function runSipp(options: SippOptions): Promise<SippResult> {
  const { scenario, server, number, calls = 1, rate = 1, values = {}, withinMs = 120_000 } = options
  const folder = mkdtempSync(join(tmpdir(), 'filo-sipp-'))
  const file = join(folder, 'scenario.xml')
  writeFileSync(file, scenario)
  const keys = Object.entries(values).flatMap(([name, value]) => ['-key', name, value])
  const mediaPort = await freeEvenPort()
  const args = [
    ...['-sf', file, '-i', '127.0.0.1', '-m', String(calls), '-r', String(rate), '-s', number, '-nostdin', '-l', String(calls)],
    ...['-mp', String(mediaPort), '-trace_stat', '-fd', '1', '-stf', join(folder, 'stat.csv'), '-trace_err', '-error_file'],
    ...[join(folder, 'errors.log'), '-timeout', `${Math.ceil(withinMs / 1_000)}s`, ...keys, `127.0.0.1:${server}`],
  ]
  try {
    const child = spawn('sipp', args, { cwd: folder, stdio: 'ignore', env: { ...process.env, TERM: 'dumb' } })
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', resolve)
    })
    const figures = lastFigures(read(join(folder, 'stat.csv')))
    return {
      code,
      successful: Number(figures.get('SuccessfulCall(C)') ?? 0),
      failed: Number(figures.get('FailedCall(C)') ?? 0),
      complaints: read(join(folder, 'errors.log')),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** RTP has the even port, RTCP the next one (RFC 3550 §11). */
async function freeEvenPort(): Promise<number> {
  for (;;) {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    await new Promise<void>(resolve => socket.close(() => resolve()))
    if (port % 2 === 0) return port
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    // sipp writes it only when there is something to say.
    return ''
  }
}

function lastFigures(csv: string): Map<string, string> {
  const lines = csv.trim().split('\n')
  const names = lines[0]?.split(';') ?? []
  const values = lines.at(-1)?.split(';') ?? []
  return new Map(names.map((name, index) => [name, values[index] ?? '']))
}

/** Steps of a caller: calls, listens, presses keys (RFC 4733, from sipp's own recordings), stays, hangs up. Sound goes to `[heard_port]`. */
export function callerScenario(steps: readonly ({ pauseMs: number } | { key: number })[], from = '+390612345678'): string {
  const body = steps
    .map(step =>
      'pauseMs' in step
        ? `<pause milliseconds="${step.pauseMs}"/>`
        : `<nop><action><exec play_pcap_audio="/usr/share/sip-tester/dtmf_2833_${step.key}.pcap"/></action></nop>`,
    )
    .join('\n  ')
  const head = (method: string, sequence: number) =>
    [
      'Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]',
      `From: <sip:${from}@[local_ip]:[local_port]>;tag=[pid]t[call_number]`,
      `To: <sip:[service]@[remote_ip]:[remote_port]>${method === 'INVITE' ? '' : '[peer_tag_param]'}`,
      'Call-ID: [call_id]',
      `CSeq: ${sequence} ${method}`,
      `Contact: <sip:${from}@[local_ip]:[local_port]>`,
      'X-Trunk: 1',
      'Max-Forwards: 70',
    ].join('\n')
  return `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[

INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
${head('INVITE', 1)}
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [heard_port] RTP/AVP 8 101
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" rrs="true"/>
  <send><![CDATA[

ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
${head('ACK', 1)}
Content-Length: 0

  ]]></send>
  ${body}
  <send retrans="500"><![CDATA[

BYE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
${head('BYE', 2)}
Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
`
}
