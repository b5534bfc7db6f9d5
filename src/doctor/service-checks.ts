/** What stands around the program: mail, backups, the address, proxies, Asterisk. */
import { isLoopback } from '../platform/index.ts'
import { type Check, type CheckOutcome, ofDatabase, ok, spell, warning, wrong } from './check.ts'
import type { InstallationFacts } from './model.ts'

/** Whether addresses that a proxy tells are believed. */
const trustsProxy = ({ TRUST_PROXY }: InstallationFacts['config']): boolean => 'networks' in TRUST_PROXY || TRUST_PROXY.hops > 0

const dayS = 86_400
const hourS = 3_600

const oldestAsterisk = [22, 11] as const

function isAsteriskRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(part => Number.parseInt(part, 10))
  return major > oldestAsterisk[0] || (major === oldestAsterisk[0] && minor >= oldestAsterisk[1])
}

export const serviceChecks: Readonly<Record<string, Check>> = {
  mail: ofDatabase(({ mail }, { config }) => {
    if (mail === null) return undefined
    if (mail.waiting === 0) return ok('No mail waits.')
    const waits = `${mail.waiting} ${mail.waiting === 1 ? 'mail waits' : 'mails wait'}, the oldest for ${spell(mail.oldestSeconds)}`
    if (config.SMTP_URL === undefined)
      return warning(
        `${waits}, and there is no SMTP_URL: citizens do not get their answers.`,
        'Set SMTP_URL, or tell the staff that answers leave by other means.',
      )
    return mail.oldestSeconds > dayS
      ? wrong(`${waits}.`, 'Look at last_problem in the table mail, and at the mail server.')
      : mail.oldestSeconds > hourS
        ? warning(`${waits}.`, 'Look at the mail server if it does not go down.')
        : ok(`${waits}.`)
  }),

  'mail server': ({ mailServer, config }) => {
    if (mailServer === null) return warning('There is no SMTP_URL: mail waits in the outbox.', 'Set SMTP_URL and MAIL_FROM.')
    return 'error' in mailServer
      ? wrong(`The mail server at SMTP_URL does not take us: ${mailServer.error}.`, 'Look at address, password and firewall.')
      : ok(`The mail server answers; mail leaves as ${config.MAIL_FROM}.`)
  },

  'large things': ({ bucket, database }) => {
    const lieIn = 'error' in database ? null : database.blobsIn
    if (bucket === null)
      return lieIn === null
        ? ok('Mails and files lie in the database, and in its backups.')
        : wrong(
            `There is no BLOBS_URL, and mails and files lie in the bucket ${lieIn}: they cannot be read.`,
            'Set BLOBS_URL and its keys again: what lies in a bucket is read from there.',
          )
    if ('error' in bucket)
      return wrong(
        `The bucket at BLOBS_URL cannot be used: ${bucket.error}. Mails wait on their servers, files cannot be opened.`,
        'Look whether the server runs, at the name of the bucket, the keys, the region, and the clock.',
      )
    return ok('The bucket at BLOBS_URL answers. It needs a backup of its own.')
  },

  PEC: ({ config, pecTrust }) => {
    if (config.PEC_SMTP_URL === undefined && config.PEC_TRUST === undefined) return undefined
    if ((config.PEC_SMTP_URL === undefined) !== (config.PEC_FROM === undefined))
      return wrong('PEC_SMTP_URL and PEC_FROM go together: answers by PEC wait in the outbox.', 'Set both, or neither.')
    if (pecTrust === null)
      return wrong(
        'There is no PEC_TRUST: no signature of a PEC provider is valid, and no receipt counts.',
        'Set PEC_TRUST to the file with the authorities of PEC providers.',
      )
    if ('error' in pecTrust)
      return wrong(`PEC_TRUST cannot be read: ${pecTrust.error}.`, 'Look at the path, and whether it is in PEM.')
    return pecTrust.authorities === 0
      ? wrong('There is no certificate in PEC_TRUST: no receipt counts.', 'Put the authorities of PEC providers into it, in PEM.')
      : ok(`Receipts of PEC count when one of ${pecTrust.authorities} authorities vouches for them.`)
  },

  backup: ofDatabase(({ backupAgeSeconds, backupBy, migrations, isSampleLoaded }) => {
    if (migrations?.applied === 0) return undefined
    const how = 'Make one with "npm run backup", daily by a timer; after one by other means: npm run backup -- --noted NAME.'
    if (backupAgeSeconds === null) return (isSampleLoaded ? warning : wrong)('No backup is known.', how)
    const age = `The last backup is ${spell(backupAgeSeconds)} old (${backupBy})`
    if (backupAgeSeconds > 7 * dayS) return wrong(`${age}.`, how)
    return backupAgeSeconds > 26 * hourS ? warning(`${age}.`, how) : ok(`${age}.`)
  }),

  program: ({ program }) => {
    if (program === null)
      return warning(
        'The program does not answer at HOST and PORT: it does not run, or another process plays the role web.',
        'Start it, or look at its log.',
      )
    const says = Object.entries(program.details)
      .filter(([name]) => name !== 'ready')
      .map(([name, value]) => `${name}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
      .join(', ')
    return program.status === 200
      ? ok(`The program is ready (${says}).`)
      : wrong(`The program answers ${program.status} (${says}).`, 'Look at its log.')
  },

  'public address': ({ publicUrl, config }) => {
    if (publicUrl === null) return isLoopback(config.HOST) ? ok('Only this machine reaches the program.') : undefined
    if ('error' in publicUrl)
      return wrong(
        `${config.PUBLIC_URL} does not answer from here: ${publicUrl.error}.`,
        'Look at DNS, the reverse proxy and the firewall. If only the outside reaches it, this may be so on purpose.',
      )
    const found: CheckOutcome[] = []
    if (publicUrl.status !== 200)
      found.push(
        wrong(`${config.PUBLIC_URL}/healthz answers ${publicUrl.status}.`, 'Look whether the proxy hands on to HOST and PORT.'),
      )
    if (publicUrl.certificateProblem !== null)
      found.push(
        wrong(
          `Browsers do not accept the certificate: ${publicUrl.certificateProblem}.`,
          'Install the whole chain of a certificate for this name.',
        ),
      )
    const days = publicUrl.certificateDaysLeft
    if (days !== null && days < 21)
      found.push(
        (days < 7 ? wrong : warning)(
          `The certificate ends in ${days} days.`,
          'Renew it; look why that did not happen by itself.',
        ),
      )
    if (publicUrl.status === 200 && config.PUBLIC_URL?.startsWith('https:') && !publicUrl.isSecureKnown)
      found.push(
        wrong(
          'Pages under PUBLIC_URL come without Strict-Transport-Security: the program that answers has another PUBLIC_URL, or the proxy takes the header away.',
          'Give all processes the same PUBLIC_URL, and let the proxy hand on all headers.',
        ),
      )
    return found.length > 0
      ? found
      : ok(`${config.PUBLIC_URL} answers${days === null ? '' : `; its certificate is good for ${days} days`}.`)
  },

  proxy: ({ config }) =>
    config.PUBLIC_URL !== undefined &&
    isLoopback(config.HOST) &&
    !isLoopback(new URL(config.PUBLIC_URL).hostname) &&
    !trustsProxy(config)
      ? wrong(
          'PUBLIC_URL leads through a proxy on this machine and TRUST_PROXY is false: all people seem to come from one address, and one who tries passwords holds up all.',
          'Set TRUST_PROXY, and let the proxy set X-Forwarded-For and X-Forwarded-Proto.',
        )
      : undefined,

  asterisk: ({ asterisk, config }) => {
    if (asterisk === null) return ok('No Asterisk is configured: calls come by the telephone page only.')
    if ('error' in asterisk)
      return wrong(
        `Asterisk at ${config.ASTERISK_URL} does not answer: ${asterisk.error}.`,
        'Look whether it runs, and at http.conf, ari.conf, ASTERISK_USER and ASTERISK_PASSWORD.',
      )
    const found: CheckOutcome[] = []
    if (!isAsteriskRecent(asterisk.version))
      found.push(wrong(`Asterisk ${asterisk.version} is too old.`, 'Upgrade to 22.11 or later: docs/telephony.md says why.'))
    if (asterisk.missingModules.length > 0)
      found.push(
        wrong(
          `Asterisk has not loaded ${asterisk.missingModules.join(', ')}.`,
          'Load them in modules.conf: telephony/asterisk/modules.conf is an example.',
        ),
      )
    if (!asterisk.mayWrite) found.push(wrong('The ARI user may only read.', 'Set read_only = no in ari.conf.'))
    if (asterisk.soundsWritable === false)
      found.push(
        wrong(
          `Prompts cannot be written to ASTERISK_SOUNDS_DIR=${config.ASTERISK_SOUNDS_DIR ?? ''}: callers hear silence.`,
          'Make the folder and give it to the program’s user; Asterisk must be able to read it.',
        ),
      )
    if (asterisk.writeTimeoutMs !== null && asterisk.writeTimeoutMs < 1_000)
      found.push(
        wrong(
          `websocket_write_timeout is ${asterisk.writeTimeoutMs} ms: Asterisk cuts our line at each burst of events.`,
          'Set websocket_write_timeout = 5000 in ari.conf.',
        ),
      )
    return found.length > 0 ? found : ok(`Asterisk ${asterisk.version} has what is needed.`)
  },
}
