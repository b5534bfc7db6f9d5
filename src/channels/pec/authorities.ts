/** The authorities that vouch for PEC providers, as the operator lists them (`PEC_TRUST`). */
import { X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'

/** The authorities of the list; none when there is no list. */
export type TrustStore = readonly X509Certificate[]

const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** Reads a list of certificates in PEM. @throws Error for one that is none */
export const readTrustStore = (text: string): TrustStore => [...text.matchAll(pem)].map(([block]) => new X509Certificate(block))

/** The list in a file. @throws Error when it cannot be read */
export const openTrustStore = async (path: string | undefined): Promise<TrustStore> =>
  path === undefined ? [] : readTrustStore(await readFile(path, 'utf8'))
