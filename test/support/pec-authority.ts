/** An authority, and the certificates of PEC providers that it signs, made by openssl in a folder of their own: nothing of them outlives a test. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SigningCertificate {
  /** Signs bytes as they are, as openssl does. Returns the detached signature in DER. */
  sign(bytes: Buffer): Buffer
}

export interface Authority {
  /** Its certificate in PEM, for a list of who is trusted. */
  readonly pem: string
  /** Makes a certificate for an address. */
  issue(options: IssueOptions): SigningCertificate
  /** An authority below this one. */
  below(name: string): Authority
  /** What openssl says of a mail when it trusts this authority, at an instant. */
  verify(mail: Buffer, at: Date): boolean
  remove(): void
}

interface IssueOptions {
  address: string
  from?: Date
  until?: Date
  /** What it may be used for, in openssl's words. */
  usage?: string
}

/** Nothing is said on the terminal. */
const openssl = (args: readonly string[], input?: Buffer): Buffer =>
  execFileSync('openssl', args, { stdio: ['pipe', 'pipe', 'pipe'], ...(input ? { input } : {}), maxBuffer: 256 * 1024 * 1024 })

const instant = (at: Date): string => `${at.toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
const long = { from: new Date('2020-01-01'), until: new Date('2040-01-01') }

/** Makes an authority that nobody but the test trusts. */
export function makeAuthority(name = 'Autorità di prova'): Authority {
  const folder = mkdtempSync(join(tmpdir(), 'filo-pec-authority-'))
  return authorityIn(folder, name)
}

function authorityIn(
  folder: string,
  name: string,
  above?: { path: (name: string) => string; chain: readonly string[] },
): Authority {
  let number = 0
  const slug = `ca${name.length}-${above ? above.chain.length : 0}`
  const path = (file: string) => join(folder, `${slug}-${file}`)
  writeFileSync(
    path('openssl.cnf'),
    `[ca]
default_ca = ours
[ours]
dir = ${folder}
new_certs_dir = ${folder}
database = ${path('index')}
serial = ${path('serial')}
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
emailAddress = optional
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
`,
  )
  writeFileSync(path('index'), '')
  writeFileSync(path('serial'), `${10 + (above ? above.chain.length : 0)}00\n`)
  const request = (file: string, subject: string) =>
    openssl([
      ...['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-utf8', '-config', path('openssl.cnf'), '-subj', subject],
      ...['-keyout', path(`${file}.key`), '-out', path(`${file}.csr`)],
    ])
  const approve = (
    by: (file: string) => string,
    file: string,
    extensions: string,
    selfSigned: boolean,
    from: Date,
    until: Date,
  ) =>
    openssl([
      ...[
        'ca',
        '-batch',
        '-notext',
        '-utf8',
        '-config',
        by('openssl.cnf'),
        '-in',
        path(`${file}.csr`),
        '-out',
        path(`${file}.pem`),
      ],
      ...['-startdate', instant(from), '-enddate', instant(until), '-extfile', extensions, '-keyfile', by('ca.key')],
      ...(selfSigned ? ['-selfsign'] : ['-cert', by('ca.pem')]),
    ])
  writeFileSync(
    path('authority.ext'),
    'basicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign, cRLSign\nsubjectKeyIdentifier = hash\n',
  )
  request('ca', `/CN=${name}`)
  approve(above?.path ?? path, 'ca', path('authority.ext'), above === undefined, long.from, long.until)
  const pem = readFileSync(path('ca.pem'), 'utf8')
  const chain = above ? [...above.chain, pem] : []
  return {
    pem,
    issue({ address, from = long.from, until = long.until, usage = 'emailProtection' }) {
      const file = `provider${++number}`
      writeFileSync(
        path(`${file}.ext`),
        `basicConstraints = CA:false\nkeyUsage = digitalSignature\nextendedKeyUsage = ${usage}\nsubjectAltName = email:${address}\n`,
      )
      request(file, `/CN=Gestore di prova/emailAddress=${address}`)
      approve(path, file, path(`${file}.ext`), false, from, until)
      writeFileSync(path(`${file}.chain`), chain.join(''))
      return {
        sign: bytes =>
          openssl(
            [
              ...['cms', '-sign', '-binary', '-outform', 'DER', '-md', 'sha256'],
              ...['-signer', path(`${file}.pem`), '-inkey', path(`${file}.key`)],
              ...(chain.length > 0 ? ['-certfile', path(`${file}.chain`)] : []),
            ],
            bytes,
          ),
      }
    },
    below: other => authorityIn(folder, other, { path, chain }),
    verify(mail, at) {
      try {
        openssl(['cms', '-verify', '-CAfile', path('ca.pem'), '-attime', String(Math.floor(at.getTime() / 1_000))], mail)
        return true
      } catch {
        return false
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}
