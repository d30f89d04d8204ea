import { randomBytes, randomFillSync, randomUUID } from 'node:crypto';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const randomBase32 = (length: number): string => {
  let text = '';
  for (const byte of randomBytes(length)) text += BASE32[byte & 31];
  return text;
};

/** `AIDA` user, `AROA` role, `AKIA` long-term key, `ASIA` temporary key: AWS tells them apart by the prefix. */
export const newUniqueId = (prefix: 'AIDA' | 'AROA' | 'AKIA' | 'ASIA'): string =>
  prefix + randomBase32(prefix === 'AKIA' || prefix === 'ASIA' ? 16 : 17);

export const newSecretAccessKey = (): string => randomBytes(30).toString('base64');

/** An opaque token of roughly the size AWS issues; callers must not rely on its length. */
export const newSessionToken = (): string => `IQoJ${randomBytes(372).toString('base64')}`;

export const newRequestId = (): string => randomUUID();

const MESSAGE_ID_PREFIX: Readonly<Record<string, string>> = {
  'us-east-1': '0100',
  'us-west-2': '0101',
  'eu-west-1': '0102',
  'ap-south-1': '0103',
  'ap-southeast-2': '0108',
  'eu-central-1': '0107',
};

const pool = Buffer.alloc(16 * 256);
let poolOffset = pool.length;

/** SES's form: region code + acceptance time, then something like a UUID, then `-000000`. */
export const newMessageId = (region: string, now: number): string => {
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  const hex = pool.toString('hex', poolOffset, poolOffset + 16);
  poolOffset += 16;
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  return `${MESSAGE_ID_PREFIX[region] ?? '0109'}${time}-${uuid}-000000`;
};
