/**
 * What the tests need besides npm packages: programs of Debian. They are installed where that is possible (root, apt);
 * elsewhere the sentence says which package is missing.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { userInfo } from 'node:os'

const onPath = (program: string) => (process.env.PATH ?? '').split(':').some(folder => existsSync(`${folder}/${program}`))

/** Package → whether its program is there. */
const needed: Readonly<Record<string, () => boolean>> = {
  postgresql: () =>
    existsSync('/usr/lib/postgresql') &&
    readdirSync('/usr/lib/postgresql').some(version => existsSync(`/usr/lib/postgresql/${version}/bin/initdb`)),
  'dovecot-imapd': () => existsSync('/usr/lib/dovecot/imap'),
  'dovecot-lmtpd': () => existsSync('/usr/lib/dovecot/lmtp'),
  'chromium-headless-shell': () => onPath('chromium-headless-shell'),
  'swift-proxy': () => onPath('swift-proxy-server'),
  'swift-account': () => onPath('swift-account-server'),
  'swift-container': () => onPath('swift-container-server'),
  'swift-object': () => onPath('swift-object-server'),
  'sip-tester': () => onPath('sipp'),
  mmdebstrap: () => onPath('mmdebstrap'),
  'espeak-ng': () => onPath('espeak-ng'),
  'poppler-utils': () => onPath('pdfinfo'),
  'python3-icalendar': () => existsSync('/usr/lib/python3/dist-packages/icalendar'),
}

/** Some programs are missing and cannot be installed here. */
export class MissingPrograms extends Error {
  override readonly name = 'MissingPrograms'
}

/**
 * Installs the packages whose programs are missing.
 * @throws MissingPrograms naming them when this is no Debian, or we are not root, or apt refuses.
 */
export function installMissing(packages: readonly string[] = Object.keys(needed)): void {
  const missing = packages.filter(name => !(needed[name]?.() ?? onPath(name)))
  if (missing.length === 0) return
  if (userInfo().uid !== 0 || !onPath('apt-get'))
    throw new MissingPrograms(`Missing Debian packages: ${missing.join(', ')}. Install them and start again.`)
  console.log(`Installing ${missing.join(', ')} …`)
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (...args: string[]) => spawnSync('apt-get', ['-qq', ...args], { env: environment, encoding: 'utf8' })
  apt('update')
  const { status, stderr } = apt('install', '-y', '--no-install-recommends', ...missing)
  if (status !== 0) throw new MissingPrograms(`Debian packages that could not be installed: ${missing.join(', ')}.\n${stderr}`)
}
