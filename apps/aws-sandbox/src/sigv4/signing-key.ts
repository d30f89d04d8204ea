import { createHmac } from 'node:crypto';

/** Something that owns a secret. The object's identity is the cache key, so a replaced secret never meets an old key. */
export interface SecretHolder {
  readonly secretAccessKey: string;
}

const cache = new WeakMap<SecretHolder, Map<string, Buffer>>();
const MAX_SCOPES_PER_KEY = 64;

const hmac = (key: string | Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** The derived key of one day, region and service: four HMACs, so it is kept for as long as the secret lives. */
export const signingKey = (holder: SecretHolder, date: string, region: string, service: string): Buffer => {
  let keys = cache.get(holder);
  if (keys === undefined) cache.set(holder, (keys = new Map()));
  const scope = `${date}/${region}/${service}`;
  let key = keys.get(scope);
  if (key === undefined) {
    key = hmac(hmac(hmac(hmac(`AWS4${holder.secretAccessKey}`, date), region), service), 'aws4_request');
    if (keys.size >= MAX_SCOPES_PER_KEY) keys.clear();
    keys.set(scope, key);
  }
  return key;
};
