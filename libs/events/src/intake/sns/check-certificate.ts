import { X509Certificate, type KeyObject } from 'node:crypto';

/** A public key of SNS and how long it may be used. */
export interface SigningKey {
  key: KeyObject;
  validFrom: Date;
  validTo: Date;
}

/**
 * The key of a certificate that SNS's own host has served over TLS. It must be issued for SNS and be a usable RSA key; that it chains to
 * a public root is not checked, as the file holds the leaf only: the trust is that of the TLS connection to the pinned host.
 *
 * @param host `sns.<region>.<suffix>` @returns undefined when it is no such certificate
 */
export function readCertificate(pem: string, host: string): SigningKey | undefined {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    return undefined;
  }
  const options = { subject: 'always', wildcards: false } as const;
  const isOfSns = ['sns.amazonaws.com', host].some(
    (name) => certificate.checkHost(name, options) !== undefined,
  );
  const { publicKey: key } = certificate;
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (!isOfSns || key.asymmetricKeyType !== 'rsa' || bits < 2048) return undefined;
  const [validFrom, validTo] = [new Date(certificate.validFrom), new Date(certificate.validTo)];
  if (Number.isNaN(validFrom.getTime()) || Number.isNaN(validTo.getTime())) return undefined;
  return { key, validFrom, validTo };
}
