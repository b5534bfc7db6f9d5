/** Callers by sipp: each calls, waits until an agent has talked and hung up, and has failed when that does not happen in time. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const caller = (wait: string) => `<?xml version="1.0" encoding="ISO-8859-1"?>
<scenario name="caller">
  <send retrans="500"><![CDATA[

INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+3906[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>
Call-ID: [call_id]
CSeq: 1 INVITE
Contact: <sip:caller@[local_ip]:[local_port]>
X-Trunk: 1
Max-Forwards: 70
Content-Type: application/sdp
Content-Length: [len]

v=0
o=caller 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [media_port] RTP/AVP 8
a=rtpmap:8 PCMA/8000

  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="180" optional="true"/>
  <recv response="183" optional="true"/>
  <recv response="200" timeout="5000"/>
  <send><![CDATA[

ACK sip:[service]@[remote_ip]:[remote_port] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: <sip:+3906[call_number]@[local_ip]:[local_port]>;tag=[pid]t[call_number]
To: <sip:[service]@[remote_ip]:[remote_port]>[peer_tag_param]
Call-ID: [call_id]
CSeq: 1 ACK
Max-Forwards: 70
Content-Length: 0

  ]]></send>
  <recv request="BYE" timeout="${wait}"/>
  <send><![CDATA[

SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

  ]]></send>
</scenario>
`

export interface Ran {
  calls: number
  failed: number
  seconds: number
}

/** Runs sipp: so many calls, so many a second. */
export async function sipp(server: number, number: string, rate: number, calls: number, waitMs = 10_000): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'filo-bench-'))
  writeFileSync(join(folder, 'caller.xml'), caller(String(waitMs)))
  const from = performance.now()
  const child = spawn(
    'sipp',
    [
      ...[
        '-sf',
        'caller.xml',
        '-i',
        '127.0.0.1',
        '-s',
        number,
        '-r',
        String(rate),
        '-m',
        String(calls),
        '-l',
        String(calls),
        '-nostdin',
      ],
      ...['-trace_stat', '-stf', 'stat.csv', '-fd', '1', '-mp', '45000', '-timeout', '20s', `127.0.0.1:${server}`],
    ],
    { cwd: folder, stdio: 'ignore', env: { ...process.env, TERM: 'dumb' } },
  )
  await once(child, 'exit')
  const seconds = (performance.now() - from) / 1_000
  const lines = readFileSync(join(folder, 'stat.csv'), 'utf8').trim().split('\n')
  const names = lines[0]?.split(';') ?? []
  const last = lines.at(-1)?.split(';') ?? []
  const figure = (name: string) => Number(last[names.indexOf(name)] ?? 0)
  rmSync(folder, { recursive: true, force: true })
  const done = figure('SuccessfulCall(C)')
  return { calls, failed: calls - done, seconds }
}
