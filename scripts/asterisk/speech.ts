/**
 * Voices for the prompts: SVOX Pico from Debian's component `non-free`, which a machine usually does not list, and espeak-ng.
 *
 * The component is listed in a file of our own that apt reads for this one installation; the machine's sources stay as they are.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { isInstalled } from '../../src/telephony/prompts/index.ts'
import { installMissing, MissingPrograms } from '../debian.ts'
import { cacheFolder, debianSite, keyring } from './unpack.ts'

/** Installs what is missing, where it may; says in a line what could not be had. Never throws: prompts can also come from a service. */
export function installSpeech(say: (line: string) => void = console.log): void {
  if (!existsSync('/etc/debian_version') || userInfo().uid !== 0) return
  try {
    installMissing(['espeak-ng'])
  } catch (error) {
    if (!(error instanceof MissingPrograms)) throw error
    say(error.message)
  }
  if (isInstalled('pico2wave')) return
  say('Installing the voice SVOX Pico (Debian non-free, once) …')
  const failure = installPico()
  if (failure) say(`SVOX Pico could not be installed, espeak-ng speaks instead: ${failure}`)
}

function installPico(): string | undefined {
  const suite = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]
  if (!suite) return 'the release of this Debian has no name.'
  const folder = join(cacheFolder, 'speech')
  mkdirSync(join(folder, 'lists/partial'), { recursive: true })
  const sources = join(folder, 'sources.list')
  writeFileSync(sources, `deb [signed-by=${keyring}] ${debianSite()} ${suite} main non-free\n`)
  const apt = (...command: string[]) =>
    spawnSync(
      'apt-get',
      [
        '-qq',
        '-o',
        `Dir::Etc::SourceList=${sources}`,
        '-o',
        'Dir::Etc::SourceParts=/dev/null',
        '-o',
        `Dir::State::Lists=${folder}/lists`,
        ...command,
      ],
      { encoding: 'utf8', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } },
    )
  for (const command of [['update'], ['install', '-y', '--no-install-recommends', 'libttspico-utils']]) {
    const { status, stderr, error } = apt(...command)
    if (error || status !== 0) return error?.message ?? stderr.trim()
  }
  return undefined
}
