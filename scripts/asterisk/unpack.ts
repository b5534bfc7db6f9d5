/**
 * An Asterisk of its own in a folder: unpacked from Debian's signed packages, nothing of it installed on the machine.
 *
 * Debian's stable release has no Asterisk and its next one an older one, so the packages come from newer suites. 22.11 at least:
 * earlier ones can deadlock when a bridge takes a channel while an INVITE arrives (asterisk/asterisk#1946).
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { installMissing } from '../debian.ts'

export const cacheFolder = join(import.meta.dirname, '../../.cache/asterisk')
const tree = join(cacheFolder, 'tree')
const packages = ['asterisk', 'asterisk-core-sounds-it-wav', 'asterisk-core-sounds-en-wav', 'asterisk-moh-opsound-wav']
export const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'
const unpackWithinMs = 10 * 60_000

/** The program from the newest suite; its recordings are fine from any. */
const preferences = [
  'Package: asterisk*',
  'Pin: release a=experimental',
  'Pin-Priority: 990',
  '',
  'Package: asterisk-core-sounds* asterisk-moh*',
  'Pin: release a=experimental',
  'Pin-Priority: 100',
  '',
].join('\n')

/** Folders of recordings as Debian lays them → names by which Asterisk looks for a language. */
const languageFolders: Readonly<Record<string, string>> = { it_IT_m_Carlo: 'it', en_US_f_Allison: 'en' }

/** Asterisk cannot be unpacked here; the message says what to do instead. */
export class CannotUnpack extends Error {
  override readonly name = 'CannotUnpack'
}

/**
 * Returns the folder with an unpacked Asterisk, unpacking it first when it is not there or was left half done.
 * Takes about 15 s and 330 MB. Two programs that ask at the same time get the same one.
 * @throws CannotUnpack when this machine is no Debian, we are not root, or a package cannot be had.
 */
export async function unpackedAsterisk(say: (line: string) => void = console.log): Promise<string> {
  if (isWhole()) return tree
  if (!existsSync('/etc/debian_version') || userInfo().uid !== 0)
    throw new CannotUnpack(
      'Asterisk is unpacked on Debian and by root only. Elsewhere, set ASTERISK_URL, ASTERISK_USER and ASTERISK_PASSWORD to an Asterisk 22.11 or later; docs/telephony.md gives its configuration.',
    )
  mkdirSync(cacheFolder, { recursive: true })
  const unlock = await lock(join(cacheFolder, 'unpacking'))
  try {
    if (!isWhole()) unpack(say)
  } finally {
    unlock()
  }
  return tree
}

/** Changes whenever what should be in the folder changes. */
function recipe(): string {
  return createHash('sha256')
    .update(JSON.stringify([packages, preferences, languageFolders]))
    .digest('hex')
}

function isWhole(): boolean {
  const stamp = join(tree, '.unpacked')
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === recipe()
}

function unpack(say: (line: string) => void): void {
  installMissing(['mmdebstrap'])
  say('Unpacking Asterisk (once) …')
  const started = Date.now()
  const partial = join(cacheFolder, 'tree.partial')
  rmSync(partial, { recursive: true, force: true })
  const site = debianSite()
  const source = (suite: string) => `deb [signed-by=${keyring}] ${site} ${suite} main`
  const { status, stderr, error } = spawnSync(
    'mmdebstrap',
    [
      '--variant=extract',
      '--mode=root',
      '--aptopt=Apt::Install-Recommends "false"',
      // The release file of a suite in development may be past its date; its signature is checked all the same.
      '--aptopt=Acquire::Check-Valid-Until "false"',
      `--setup-hook=mkdir -p "$1/etc/apt/preferences.d" && printf '%s' '${preferences}' > "$1/etc/apt/preferences.d/asterisk"`,
      `--include=${packages.join(',')}`,
      'forky',
      partial,
      ...['forky', 'sid', 'experimental'].map(source),
    ],
    { encoding: 'utf8', timeout: unpackWithinMs },
  )
  if (error || status !== 0) throw new CannotUnpack(`Asterisk could not be unpacked: ${error?.message ?? lastLines(stderr)}`)
  complete(partial)
  const version = spawnSync('chroot', [partial, '/usr/sbin/asterisk', '-V'], { encoding: 'utf8' })
  if (version.status !== 0) throw new CannotUnpack(`The unpacked Asterisk does not run: ${lastLines(version.stderr)}`)
  writeFileSync(join(partial, '.unpacked'), recipe())
  rmSync(tree, { recursive: true, force: true })
  renameSync(partial, tree)
  say(`${version.stdout.trim()} unpacked in ${Math.round((Date.now() - started) / 1000)} s.`)
}

/** What the packages' own set-up would have done. */
function complete(root: string): void {
  for (const folder of ['bin', 'sbin', 'lib', 'lib64']) {
    const link = join(root, folder)
    if (existsSync(join(root, 'usr', folder)) && !lstatSync(link, { throwIfNoEntry: false })) symlinkSync(`usr/${folder}`, link)
  }
  const sounds = join(root, 'usr/share/asterisk/sounds')
  for (const [folder, language] of Object.entries(languageFolders)) {
    rmSync(join(sounds, language), { force: true })
    symlinkSync(folder, join(sounds, language))
  }
}

/** The mirror that this machine already uses. */
export function debianSite(): string {
  const { stdout } = spawnSync('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages'], { encoding: 'utf8' })
  return stdout.split('\n').find(line => /\/debian\/?$/.test(line)) ?? 'http://deb.debian.org/debian'
}

/** The folder of the modules inside the tree: its name holds the machine's architecture. */
export function modulesFolder(root: string): string {
  const libraries = join(root, 'usr/lib')
  const architecture = readdirSync(libraries).find(name => existsSync(join(libraries, name, 'asterisk/modules')))
  if (!architecture) throw new CannotUnpack(`No Asterisk modules below ${libraries}. Remove ${root} and start again.`)
  return `/usr/lib/${architecture}/asterisk/modules`
}

/** Waits for its turn; the lock of a program that has died does not count. */
async function lock(folder: string): Promise<() => void> {
  const deadline = Date.now() + unpackWithinMs
  while (Date.now() < deadline) {
    try {
      mkdirSync(folder)
      writeFileSync(join(folder, 'pid'), String(process.pid))
      return () => rmSync(folder, { recursive: true, force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      if (isAbandoned(folder)) rmSync(folder, { recursive: true, force: true })
      else await pause(200)
    }
  }
  throw new CannotUnpack(`Another program has been unpacking Asterisk for too long. If there is none, remove ${folder}.`)
}

function isAbandoned(folder: string): boolean {
  const file = join(folder, 'pid')
  if (existsSync(file)) return !existsSync(`/proc/${readFileSync(file, 'utf8')}`)
  // Between making the folder and writing into it lies an instant.
  const made = statSync(folder, { throwIfNoEntry: false })
  return made !== undefined && Date.now() - made.mtimeMs > 5_000
}

const lastLines = (text: string): string => text.trim().split('\n').slice(-5).join('\n')
