/**
 * `npm run asterisk`: an Asterisk on this machine, set up for the program and bound to loopback. Ctrl-C ends it.
 *
 *   npm run asterisk                       starts it and stays
 *   npm run asterisk -- --background       starts it and returns when it is ready
 *   npm run asterisk -- --stop             ends the one in the background
 *   npm run asterisk -- --instance second  another one beside it (with ports of its own)
 *   npm run asterisk -- --yardstick        with Asterisk's own queue, for the benchmark
 *
 * By environment: ASTERISK_SIP_PORT 15060 · ASTERISK_HTTP_PORT 18088 · ASTERISK_RTP_START 20000 · ASTERISK_RTP_END 24000 ·
 * ASTERISK_TRUNK 127.0.0.1:15070 · ASTERISK_FALLBACK (E.164, where callers go while the program is away).
 */
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { AlreadyRunning, startAsterisk, stopAsterisk } from './asterisk/instance.ts'
import { defaults } from './asterisk/settings.ts'
import { CannotUnpack } from './asterisk/unpack.ts'
import { MissingPrograms } from './debian.ts'

const port = z.coerce.number().int().min(1).max(65_535)
const Environment = z.object({
  ASTERISK_SIP_PORT: port.default(defaults.sipPort),
  ASTERISK_HTTP_PORT: port.default(defaults.httpPort),
  ASTERISK_RTP_START: port.default(defaults.rtpStart),
  ASTERISK_RTP_END: port.default(defaults.rtpEnd),
  ASTERISK_TRUNK: z
    .string()
    .regex(/^[\w.-]+:[0-9]{1,5}$/, 'must be host:port')
    .default(`${defaults.trunkAddress}:${defaults.trunkPort}`),
  ASTERISK_FALLBACK: z
    .string()
    .regex(/^\+[1-9][0-9]{2,14}$/, 'must be a number in E.164, e.g. +390600000000')
    .optional(),
})

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      instance: { type: 'string', default: defaults.instance },
      background: { type: 'boolean', default: false },
      stop: { type: 'boolean', default: false },
      yardstick: { type: 'boolean', default: false },
    },
  })
  if (values.stop) {
    console.log((await stopAsterisk(values.instance)) ? 'Asterisk has ended.' : 'No Asterisk of ours was running.')
    return
  }
  const set = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
  const environment = Environment.safeParse(set)
  if (!environment.success)
    throw new WrongSetting(environment.error.issues.map(issue => `${issue.path.join('.')} ${issue.message}.`).join('\n'))
  const { ASTERISK_SIP_PORT, ASTERISK_HTTP_PORT, ASTERISK_RTP_START, ASTERISK_RTP_END, ASTERISK_TRUNK, ASTERISK_FALLBACK } =
    environment.data
  const [trunkAddress = defaults.trunkAddress, trunkPort] = ASTERISK_TRUNK.split(':')
  const asterisk = await startAsterisk({
    instance: values.instance,
    background: values.background,
    yardstick: values.yardstick,
    sipPort: ASTERISK_SIP_PORT,
    httpPort: ASTERISK_HTTP_PORT,
    rtpStart: ASTERISK_RTP_START,
    rtpEnd: ASTERISK_RTP_END,
    trunkAddress,
    trunkPort: Number(trunkPort),
    fallbackDefault: ASTERISK_FALLBACK?.slice(1) ?? defaults.fallbackDefault,
  })
  const { settings } = asterisk
  console.log(
    `Asterisk is ready: process ${asterisk.pid}, SIP udp ${settings.bindAddress}:${settings.sipPort}, ARI and SIP over WebSocket ${asterisk.url}`,
  )
  if (values.background) return
  console.log('Ctrl-C ends it.')
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void asterisk.stop())
  await asterisk.ended
}

/** A setting of the environment is wrong. */
class WrongSetting extends Error {}

main().catch((error: unknown) => {
  const known = [CannotUnpack, AlreadyRunning, MissingPrograms, WrongSetting].some(kind => error instanceof kind)
  console.error(known && error instanceof Error ? error.message : error)
  process.exit(1)
})
