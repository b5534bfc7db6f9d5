/**
 * The embedded database has no lock of its own: two programs on one folder would ruin it. The lock is a listening socket,
 * because the operating system takes it away when its owner dies, however it dies.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, realpathSync, rmSync } from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'

/** The folder is in use by another process. */
export class FolderInUse extends Error {
  override readonly name = 'FolderInUse'
  constructor(folder: string) {
    super(`The folder ${folder} is in use by another running program. Stop that one, or set DATA_DIR to another folder.`)
  }
}

/**
 * Locks a folder for this process until the answered function is called or the process ends.
 * @throws FolderInUse
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  mkdirSync(folder, { recursive: true })
  const name = `filo-diretto-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 24)}`
  // Linux: a socket of the abstract name space leaves no file behind. Elsewhere a file may stay after a crash, and is tried first.
  const address =
    platform() === 'linux' ? `\0${name}` : platform() === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`)
  try {
    return closer(await listen(address))
  } catch (error) {
    if (!isInUse(error)) throw error
    if (platform() === 'linux' || platform() === 'win32' || (await somebodyAnswers(address))) throw new FolderInUse(folder)
    rmSync(address, { force: true })
    return closer(await listen(address))
  }
}

const isInUse = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'

function listen(address: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer(socket => socket.destroy())
    server.once('error', reject)
    server.listen(address, () => resolve(server.unref()))
  })
}

const closer = (server: Server) => () => new Promise<void>(resolve => server.close(() => resolve()))

function somebodyAnswers(address: string): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(address)
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}
