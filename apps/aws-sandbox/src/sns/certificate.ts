import { createPublicKey, sign, type KeyObject } from 'node:crypto';

// Just enough DER for X.509 certificates: no openssl, no dependency.
const der = (tag: number, ...parts: Buffer[]): Buffer => {
  const content = Buffer.concat(parts);
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.of(tag, length), content]);
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest >>>= 8) bytes.unshift(rest & 0xff);
  return Buffer.concat([Buffer.of(tag, 0x80 | bytes.length, ...bytes), content]);
};

const sequence = (...parts: Buffer[]): Buffer => der(0x30, ...parts);
const set = (...parts: Buffer[]): Buffer => der(0x31, ...parts);
const octets = (content: Buffer): Buffer => der(0x04, content);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.of(0), content);
const explicit = (n: number, content: Buffer): Buffer => der(0xa0 | n, content);
const integer = (hex: string): Buffer => der(0x02, Buffer.from(hex, 'hex'));
const utf8 = (text: string): Buffer => der(0x0c, Buffer.from(text));
const TRUE = der(0x01, Buffer.of(0xff));

const oid = (dotted: string): Buffer => {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift(0x80 | (left & 0x7f));
    bytes.push(...digits);
  }
  return der(0x06, Buffer.from(bytes));
};

/** GeneralizedTime would do for every year, but until 2049 the standard asks for UTCTime. */
const time = (at: Date): Buffer => {
  const digits = at.toISOString().replace(/[-:T]|\.\d{3}/g, '');
  return at.getUTCFullYear() < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
};

const SHA256_WITH_RSA = sequence(oid('1.2.840.113549.1.1.11'), der(0x05));

export interface CertificateOptions {
  readonly privateKey: KeyObject;
  /** Common name and DNS name of the subject. */
  readonly commonName: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** Hexadecimal, not beginning with a digit above 7. */
  readonly serialNumber?: string;
  /** Whether it may issue others. */
  readonly isAuthority?: boolean;
}

const nameOf = (commonName: string): Buffer => sequence(set(sequence(oid('2.5.4.3'), utf8(commonName))));

/** A self-signed certificate in PEM. The same options give the same certificate: RSA PKCS#1 signatures have no randomness. */
export const selfSignedCertificate = (options: CertificateOptions): string =>
  issuedCertificate(options, options);

/** A certificate in PEM that somebody else has signed. */
export const issuedCertificate = (
  options: CertificateOptions,
  issuer: Pick<CertificateOptions, 'privateKey' | 'commonName'>,
): string => {
  const { privateKey, commonName, notBefore, notAfter, serialNumber = '5e5a', isAuthority = false } = options;
  const extensions = sequence(
    sequence(oid('2.5.29.19'), TRUE, octets(isAuthority ? sequence(TRUE) : sequence())),
    sequence(oid('2.5.29.17'), octets(sequence(der(0x82, Buffer.from(commonName))))),
  );
  const toBeSigned = sequence(
    explicit(0, integer('02')),
    integer(serialNumber),
    SHA256_WITH_RSA,
    nameOf(issuer.commonName),
    sequence(time(notBefore), time(notAfter)),
    nameOf(commonName),
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    explicit(3, extensions),
  );
  const certificate = sequence(
    toBeSigned,
    SHA256_WITH_RSA,
    bits(sign('sha256', toBeSigned, issuer.privateKey)),
  );
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
};
