import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** A leaf and what came with it; SNS sends the leaf alone. */
const MAX_CERTIFICATES = 6;

/** The certificates of a PEM file in their order; undefined when there are none, too many, or one that cannot be read. */
export function readPem(pem: string): [X509Certificate, ...X509Certificate[]] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length > MAX_CERTIFICATES) return undefined;
  try {
    const [leaf, ...others] = blocks.map((block) => new X509Certificate(block));
    return leaf && [leaf, ...others];
  } catch {
    return undefined;
  }
}

/**
 * Where a certificate leads to: a `root`; `open`, as it came alone and its issuer is no root; `self`, as it is its own issuer; or
 * `nowhere`, as what came with it ends before a root.
 */
export interface Chain {
  end: 'root' | 'open' | 'self' | 'nowhere';
  /** While the leaf and every certificate between it and the root are valid. */
  validFrom: Date;
  validTo: Date;
}

/** @param roots that end a chain: by default the public ones that Node.js brings along */
export function chainOf(
  leaf: X509Certificate,
  others: readonly X509Certificate[],
  roots: readonly X509Certificate[] = publicRoots(),
): Chain {
  const certificates = [leaf];
  const left = new Set(others);
  let last = leaf;
  for (;;) {
    if (issuerOf(last, roots) !== undefined) return chain('root', certificates);
    if (isIssuedBy(last, last)) return chain(last === leaf ? 'self' : 'nowhere', certificates);
    const next = issuerOf(last, [...left]);
    if (next === undefined) return chain(others.length === 0 ? 'open' : 'nowhere', certificates);
    left.delete(next);
    certificates.push(next);
    last = next;
  }
}

function chain(end: Chain['end'], certificates: readonly X509Certificate[]): Chain {
  return {
    end,
    validFrom: new Date(Math.max(...certificates.map((one) => Date.parse(one.validFrom)))),
    validTo: new Date(Math.min(...certificates.map((one) => Date.parse(one.validTo)))),
  };
}

/** Only what is marked as an authority may issue. */
function issuerOf(
  certificate: X509Certificate,
  candidates: readonly X509Certificate[],
): X509Certificate | undefined {
  return candidates.find((candidate) => candidate.ca && isIssuedBy(certificate, candidate));
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  // By name first: that costs nothing.
  return (
    certificate.issuer === issuer.subject &&
    certificate.checkIssued(issuer) &&
    certificate.verify(issuer.publicKey)
  );
}

let known: readonly X509Certificate[] | undefined;

/** Read at the first use: a process that takes nothing in needs none. */
function publicRoots(): readonly X509Certificate[] {
  return (known ??= rootCertificates.map((pem) => new X509Certificate(pem)));
}
