import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import { REGION, type Credentials } from './harness.js';

/** SHA-256 in the shape the SDK's signer asks for. */
export class Sha256 {
  private readonly hash;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    if (secret === undefined) this.hash = createHash('sha256');
    else
      this.hash = createHmac(
        'sha256',
        typeof secret === 'string' ? secret : Buffer.from(secret as Uint8Array),
      );
  }

  update(data: string | Uint8Array): void {
    this.hash.update(data);
  }

  digest(): Promise<Uint8Array> {
    return Promise.resolve(new Uint8Array(this.hash.digest()));
  }

  reset(): void {}
}

/** A signed SES call with whatever body: for what the SDK's own types would not let through. */
export const signedFetch = async (
  url: string,
  method: string,
  path: string,
  credentials: Credentials,
  body: string,
): Promise<Response> => {
  const { hostname, host } = new URL(url);
  const signer = new SignatureV4({ service: 'ses', region: REGION, sha256: Sha256, credentials });
  const signed = await signer.sign({
    method,
    protocol: 'http:',
    hostname,
    path,
    query: {},
    headers: { host, 'content-type': 'application/json' },
    body,
  });
  return fetch(`${url}${path}`, { method, headers: signed.headers, ...(method === 'GET' ? {} : { body }) });
};
