/** The whole program behind a reverse proxy, and strangers who write what only a proxy may write. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import WebSocket from 'ws'
import { paths, protocolVersion } from '../../src/telephony/switches/browser/protocol.ts'
import { copyOfTemplate, onPostgres } from '../support/database.ts'
import { type RunningProgram, startProgramProcess } from '../support/program.ts'

onPostgres(() => {
  let program: RunningProgram
  beforeAll(async () => {
    program = await startProgramProcess({
      databaseUrl: await copyOfTemplate(),
      environment: { TRUST_PROXY: '1', SAMPLE: 'never' },
    })
  })
  afterAll(() => program?.stop())

  /** As it arrives from our proxy: what the stranger wrote stands left of the address that the proxy has seen. */
  const forged = (i: number) => ({
    'x-forwarded-for': `198.51.100.${i}, 2001:db8::${i}, 203.0.113.9`,
    'x-real-ip': `198.51.100.${i}`,
    forwarded: `for=198.51.100.${i}`,
  })

  test('who tries many users is one address, whatever he says', async () => {
    const guess = async (i: number) => {
      const answer = await fetch(`${program.url}/api/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...forged(i) },
        body: JSON.stringify({ user: `nobody.${i}`, password: 'wrong' }),
      })
      return answer.status
    }
    const statuses = await Promise.all(Array.from({ length: 120 }, (_, i) => guess(i)))
    expect(statuses.filter(status => status === 401).length).toBeLessThanOrEqual(70)
    expect(statuses.filter(status => status === 429).length).toBeGreaterThanOrEqual(50)
  })

  test('who opens many telephones is one address, too', async () => {
    const open = (i: number) =>
      new Promise<'welcome' | number>((resolve, reject) => {
        const socket = new WebSocket(`${program.url.replace('http', 'ws')}${paths.caller}`, { headers: forged(i) })
        socket.on('open', () => socket.send(JSON.stringify({ type: 'hello', version: protocolVersion })))
        socket.on('message', () => resolve('welcome'))
        socket.on('close', resolve)
        socket.on('error', reject)
      })
    const outcomes = await Promise.all(Array.from({ length: 40 }, (_, i) => open(i)))
    expect(outcomes.filter(outcome => outcome === 'welcome').length).toBe(20)
  })
})
