import { AppError } from '#libs/errors';

export interface RingKey {
  readonly id: string;
  readonly key: Buffer;
}

/** Newest first: the first key makes what is new, every key reads what is old. */
export type KeyRing = readonly [RingKey, ...RingKey[]];

/**
 * @param text `id:base64[,id:base64…]`, newest first, 32 bytes each
 * @throws AppError `crypto.bad_key_ring`; never shows a key
 */
export function parseKeyRing(text: string): KeyRing {
  const keys = text.split(',').map((entry, index) => parseKey(entry.trim(), index));
  const [first, ...rest] = keys;
  if (first === undefined) throw badRing('it is empty');
  if (new Set(keys.map((key) => key.id)).size !== keys.length) throw badRing('an id appears twice');
  return [first, ...rest];
}

function parseKey(entry: string, index: number): RingKey {
  const separator = entry.indexOf(':');
  const id = entry.slice(0, separator);
  const encoded = entry.slice(separator + 1);
  if (separator < 1 || !/^[A-Za-z0-9_-]{1,32}$/.test(id)) throw badRing(`entry ${index + 1} has no id`);
  // Node's decoder stops at the first `=`: a comma forgotten after it would silently lose the keys behind.
  if (!/^[\w+/-]{43}=?$/.test(encoded)) throw badRing(`key "${id}" is not 32 bytes of base64`);
  return { id, key: Buffer.from(encoded, 'base64') };
}

function badRing(why: string): AppError {
  return new AppError({ code: 'crypto.bad_key_ring', kind: 'internal', message: `SESAME_KEYS: ${why}.` });
}
