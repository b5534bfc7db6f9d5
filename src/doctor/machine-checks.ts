/** The settings and the machine. */
import { type Check, ok, unknown, warning, wrong } from './check.ts'
import { dangersOf } from './dangers.ts'

const gigabyte = 1024 ** 3

export const machineChecks: Readonly<Record<string, Check>> = {
  configuration: ({ config, database }) => {
    const isSampleLoaded = !('error' in database) && database.isSampleLoaded === true
    const dangers = dangersOf(config, { isSampleLoaded })
    return dangers.length === 0 ? ok('No setting is dangerous.') : dangers.map(({ says, mend }) => wrong(says, mend))
  },

  user: ({ machine }) =>
    machine.isRoot
      ? warning(
          'The command runs as root. If the program does too, a fault in it reaches the whole machine.',
          'Run it as a user of its own: see scripts/systemd/filo-diretto.service.',
        )
      : ok('The program’s user is not root.'),

  node: ({ machine }) =>
    machine.nodeMajor >= 24
      ? ok(`Node ${machine.nodeMajor}.`)
      : wrong(`Node ${machine.nodeMajor} is too old.`, 'Start by npm, which brings a newer one, or install Node 24.'),

  'open files': ({ machine: { openFiles } }) => {
    if (openFiles === null) return undefined
    return openFiles < 4_096
      ? warning(
          `${openFiles} files and sockets may be open at once: a few hundred pages and calls reach that.`,
          'Raise it: LimitNOFILE=65536 in the service file, or "ulimit -n 65536".',
        )
      : ok(`${openFiles} files and sockets may be open at once.`)
  },

  disk: ({ machine: { disk }, config }) => {
    if (disk === null) return unknown(`The disk of ${config.DATA_DIR} could not be looked at.`)
    const share = disk.freeBytes / disk.totalBytes
    const free = `${(disk.freeBytes / gigabyte).toFixed(1)} GB free (${Math.round(100 * share)} %) on the disk of DATA_DIR`
    if (disk.freeBytes < gigabyte || share < 0.02)
      return wrong(
        `Only ${free}: recordings and the embedded database soon cannot be written.`,
        'Free space, or move DATA_DIR to a larger disk.',
      )
    return disk.freeBytes < 10 * gigabyte || share < 0.1
      ? warning(`${free}.`, 'Plan for more before it runs out.')
      : ok(`${free}.`)
  },

  recordings: ({ machine: { recordings, disk } }) => {
    if (recordings === null) return undefined
    const size = `${recordings.isComplete ? '' : 'More than '}${(recordings.bytes / gigabyte).toFixed(1)} GB of recordings`
    return disk !== null && recordings.bytes > disk.freeBytes
      ? warning(`${size}: more than what is still free.`, 'Shorten how long recordings are kept, or move them to a larger disk.')
      : ok(`${size}.`)
  },
}
