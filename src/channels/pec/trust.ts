/**
 * The way from a signer to one of the authorities that vouch for PEC providers. Pure.
 *
 * The way is walked here, and not by pkijs: two certificates that vouch for each other would keep it walking for ever. Whether a certificate was revoked is
 * not asked: that would be a question over the network, about years ago.
 */
import type { X509Certificate } from 'node:crypto'
import { BasicConstraints, Certificate } from 'pkijs'
import type { TrustStore } from './authorities.ts'

/** An authority, two or three below it, and the signer: longer ways are of somebody who tries. */
const maxChainLength = 6
/** Certificates of a signature that are looked at. */
export const maxCertificates = 16

export type ChainVerdict = 'trusted' | 'out-of-date' | 'unknown-authority'

/** Whether a certificate leads to an authority of the list, each step being good at an instant. */
export function chainVerdict(
  signer: X509Certificate,
  others: readonly X509Certificate[],
  trust: TrustStore,
  at: Date,
): ChainVerdict {
  const chain = chainOf(signer, others.slice(0, maxCertificates), trust)
  if (!chain) return 'unknown-authority'
  return chain.every(each => each.validFromDate <= at && at <= each.validToDate) ? 'trusted' : 'out-of-date'
}

function chainOf(signer: X509Certificate, others: readonly X509Certificate[], trust: TrustStore): X509Certificate[] | undefined {
  const chain = [signer]
  while (chain.length <= maxChainLength) {
    const last = chain.at(-1)
    if (!last) return undefined
    const isIssuer = (each: X509Certificate): boolean => each.ca && allowsBelow(each, chain.length - 1) && hasIssued(each, last)
    const anchor = trust.find(each => each.fingerprint256 === last.fingerprint256 || isIssuer(each))
    if (anchor) return anchor.fingerprint256 === last.fingerprint256 ? chain : [...chain, anchor]
    const next = others.find(each => isIssuer(each) && !chain.some(one => one.fingerprint256 === each.fingerprint256))
    if (!next) return undefined
    chain.push(next)
  }
  return undefined
}

/** @param authoritiesBelow how many authorities stand between it and the signer */
function allowsBelow(authority: X509Certificate, authoritiesBelow: number): boolean {
  const constraints = Certificate.fromBER(authority.raw).extensions?.find(each => each.extnID === '2.5.29.19')?.parsedValue
  const limit = constraints instanceof BasicConstraints ? constraints.pathLenConstraint : undefined
  return typeof limit !== 'number' || authoritiesBelow <= limit
}

function hasIssued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)
  } catch {
    return false
  }
}
