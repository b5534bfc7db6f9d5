/**
 * A real IMAP server on the loopback: Dovecot of Debian, one process on a configuration in a temporary folder. Every name is a user with the
 * same password; mail is delivered by LMTP, or written straight into a folder.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import nodemailer from 'nodemailer'
import { freePort, untilListening } from './ports.ts'

export const dovecotPassword = 'una-parola-lunga'

export interface Dovecot {
  readonly port: number
  /** Delivers a mail as a mail server does. */
  deliver(user: string, raw: string | Buffer): Promise<void>
  /** Puts many mails into a mailbox at once, without a server in between. */
  fill(user: string, mails: Iterable<string | Buffer>): void
  /** Throws the index of a mailbox away: the server numbers everything anew, under another UIDVALIDITY. */
  renumber(user: string): Promise<void>
  /** Ends the process, and starts it again on the same port and mails. */
  stop(): Promise<void>
  start(): Promise<void>
  close(): Promise<void>
}

/** The nobody of Debian: whose the mails are when this process may be anybody. */
const nobody = 65_534

export async function startDovecot(): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'dovecot-'))
  chmodSync(folder, 0o755)
  const { uid, username } = userInfo()
  const isRoot = uid === 0
  const [port, lmtp] = [await freePort(), await freePort()]
  const mailUser = isRoot ? nobody : uid
  mkdirSync(join(folder, 'mail'))
  own(join(folder, 'mail'))
  writeFileSync(
    join(folder, 'dovecot.conf'),
    configuration({ folder, port, lmtp, mailUser, username: isRoot ? undefined : username }),
  )
  let child: ChildProcess | undefined

  function own(path: string): void {
    if (isRoot) spawnSync('chown', ['-R', `${nobody}:${nobody}`, path])
  }
  async function start(): Promise<void> {
    // A group of its own, by which it is seen when all its processes have ended.
    child = spawn('/usr/sbin/dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: 'ignore', detached: true })
    await untilListening(port, child)
    await untilListening(lmtp, child)
  }
  async function stop(): Promise<void> {
    const ending = child
    child = undefined
    if (!ending || ending.exitCode !== null) return
    const ended = new Promise(resolve => ending.once('exit', resolve))
    ending.kill('SIGTERM')
    await ended
    // One that still serves a client goes on for a while, and writes its index again with the numbers that were to be thrown away.
    while (endGroup(ending.pid)) await new Promise(resolve => setTimeout(resolve, 10))
  }
  await start()
  const transport = nodemailer.createTransport({ host: '127.0.0.1', port: lmtp, lmtp: true, secure: false, ignoreTLS: true })
  return {
    port,
    async deliver(user, raw) {
      await transport.sendMail({ envelope: { from: 'citizen@example.org', to: user }, raw })
    },
    fill(user, mails) {
      const box = join(folder, 'mail', user, 'Maildir')
      for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(box, part), { recursive: true })
      let n = readdirSync(join(box, 'new')).length
      for (const raw of mails) writeFileSync(join(box, 'new', `${1_700_000_000 + n}.M${n++}.test`), raw)
      own(join(folder, 'mail', user))
    },
    async renumber(user) {
      await stop()
      const box = join(folder, 'mail', user, 'Maildir')
      for (const name of readdirSync(box)) if (name.startsWith('dovecot')) rmSync(join(box, name), { force: true })
      await start()
    },
    stop,
    start,
    async close() {
      transport.close()
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Ends what is left of a group of processes. Returns whether anything was. */
function endGroup(group: number | undefined): boolean {
  if (group === undefined) return false
  try {
    process.kill(-group, 'SIGKILL')
    return true
  } catch {
    return false
  }
}

interface Settings {
  folder: string
  port: number
  lmtp: number
  mailUser: number
  /** Who runs it, where that is not root. */
  username: string | undefined
}

const configuration = ({ folder, port, lmtp, mailUser, username }: Settings): string => `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap lmtp
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:${folder}/mail/%u/Maildir
mail_uid = ${mailUser}
mail_gid = ${mailUser}
first_valid_uid = 1
mail_max_userip_connections = 0
${username === undefined ? '' : `default_internal_user = ${username}\ndefault_login_user = ${username}\n`}
passdb {
  driver = static
  args = password=${dovecotPassword}
}
userdb {
  driver = static
  args = uid=${mailUser} gid=${mailUser} home=${folder}/mail/%u
}
service imap-login {
  ${username === undefined ? '' : 'chroot ='}
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = 127.0.0.1
    port = ${lmtp}
  }
}
namespace inbox {
  inbox = yes
  mailbox Letti {
    auto = create
  }
}
`
