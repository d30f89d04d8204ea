import type { KeyObject } from 'node:crypto';
import { chainOf, readPem } from './certificate-chain.js';
import { signingNamesOf } from './certificate-url.js';

/** A public key of SNS and how long it may be used: while every certificate up to the root is valid. */
export interface SigningKey {
  key: KeyObject;
  validFrom: Date;
  validTo: Date;
}

/**
 * The key of a certificate that SNS's own host has served over TLS. It must be issued for SNS of that region and be a usable RSA key, and
 * nothing may contradict a public root: a chain that came along has to lead to one, and a certificate that issued itself is none of SNS's.
 * SNS serves the leaf alone, whose issuer Node.js does not know: then the trust is that of the TLS connection to the pinned host.
 *
 * @param host `sns.<region>.<suffix>`
 * @param isSelfSignedTrusted where an operator has named a sandbox to fetch from: its certificate is its own root
 * @returns undefined when it is no such certificate
 */
export function readCertificate(
  pem: string,
  host: string,
  isSelfSignedTrusted = false,
): SigningKey | undefined {
  const [leaf, ...others] = readPem(pem) ?? [];
  if (leaf === undefined) return undefined;
  const options = { subject: 'always', wildcards: false } as const;
  const isOfSns = signingNamesOf(host).some((name) => leaf.checkHost(name, options) !== undefined);
  const { publicKey: key } = leaf;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (!isOfSns || leaf.ca || key.asymmetricKeyType !== 'rsa' || bits < 2048) return undefined;
  const { end, validFrom, validTo } = chainOf(leaf, others);
  if (end === 'nowhere' || (end === 'self' && !isSelfSignedTrusted)) return undefined;
  if (Number.isNaN(validFrom.getTime()) || Number.isNaN(validTo.getTime())) return undefined;
  return { key, validFrom, validTo };
}
