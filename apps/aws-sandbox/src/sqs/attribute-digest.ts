import { createHash } from 'node:crypto';
import type { MessageAttribute } from '../state/queue-message.js';

const withLength = (bytes: Buffer): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
};

/** SQS's digest over message attributes: sorted by name; name, type, kind of transport and value, each with its length. */
export const md5OfAttributes = (attributes: Readonly<Record<string, MessageAttribute>>): string => {
  const hash = createHash('md5');
  for (const name of Object.keys(attributes).sort()) {
    const attribute = attributes[name];
    if (attribute === undefined) continue;
    const isBinary = attribute.BinaryValue !== undefined;
    const value = isBinary
      ? Buffer.from(attribute.BinaryValue, 'base64')
      : Buffer.from(attribute.StringValue ?? '');
    hash
      .update(withLength(Buffer.from(name)))
      .update(withLength(Buffer.from(attribute.DataType)))
      .update(Buffer.of(isBinary ? 2 : 1))
      .update(withLength(value));
  }
  return hash.digest('hex');
};
