/** Whether the program can listen where it is told to, and who is there already. Asked before a start that would be in vain. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'

/** Why nobody can listen at an address, in sentences that say what to do; undefined when somebody can. */
export async function whyNotListen(host: string, port: number, setting: string): Promise<string | undefined> {
  const code = await new Promise<string | undefined>(resolve => {
    const probe = createServer()
    probe.once('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message))
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(undefined)))
  })
  if (code === undefined) return undefined
  if (code === 'EADDRINUSE')
    return `Port ${port} on ${host} is taken${whoListens(port)}. End that, or choose another port: ${setting}=${port + 1}.`
  if (code === 'EACCES')
    return `Port ${port} may not be opened by this user. Choose one from 1024 on (${setting}=8080) and let a reverse proxy lead to it.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return `${host} is no address of this machine. Set it to one that is, 127.0.0.1 for this machine alone, or 0.0.0.0 for all.`
  return `Port ${port} on ${host} cannot be opened: ${code}.`
}

/** The process that listens on a port, where Linux lets us see it. */
function whoListens(port: number): string {
  const sockets = new Set(['/proc/net/tcp', '/proc/net/tcp6'].flatMap(file => listening(file, port)))
  if (sockets.size === 0) return ''
  for (const pid of filesIn('/proc').filter(name => /^\d+$/.test(name)))
    for (const fd of filesIn(`/proc/${pid}/fd`))
      if (sockets.has(linkOf(`/proc/${pid}/fd/${fd}`))) return ` by process ${pid} (${commandOf(pid)}); "kill ${pid}" ends it`
  return ' by a process of another user'
}

const listenState = '0A'

/** The sockets of a table of /proc that listen on a port, as links name them. */
function listening(file: string, port: number): string[] {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  return textOf(file)
    .split('\n')
    .map(row => row.trim().split(/\s+/))
    .filter(columns => columns[1]?.endsWith(`:${wanted}`) && columns[3] === listenState)
    .map(columns => `socket:[${columns[9]}]`)
}

const commandOf = (pid: string): string =>
  textOf(`/proc/${pid}/cmdline`)
    .replaceAll('\0', ' ')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, 120)

function orElse<T>(read: () => T, other: T): T {
  try {
    return read()
  } catch {
    // Another user's, or gone meanwhile.
    return other
  }
}

const filesIn = (folder: string): string[] => orElse(() => readdirSync(folder), [])
const linkOf = (path: string): string => orElse(() => readlinkSync(path), '')
const textOf = (file: string): string => orElse(() => readFileSync(file, 'utf8'), '')
