import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, constants, gunzip, inflate } from 'node:zlib';
import { codeOf, OutboundError } from './outbound-error.js';

export interface Body {
  body: Buffer;
  /** Whether there was more: only the beginning is here, or nothing when it was compressed. */
  truncated: boolean;
}

/** Receives at most `maxBytes`; then the connection is closed, so the rest never comes. */
export async function readBody(
  stream: Readable,
  maxBytes: number,
  onBytes?: (count: number) => void,
): Promise<Body> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    onBytes?.(chunk.length);
    chunks.push(chunk);
    // Leaving the loop destroys the stream.
    if (size > maxBytes) break;
  }
  const body = Buffer.concat(chunks);
  return { body: body.subarray(0, maxBytes), truncated: size > maxBytes };
}

/** A compressed body may have been cut: what is there is unpacked. */
const zlib = { finishFlush: constants.Z_SYNC_FLUSH };
const brotli = { finishFlush: constants.BROTLI_OPERATION_FLUSH };

/**
 * Unpacks what a server compressed although it was asked not to; never more than `maxBytes`.
 *
 * @throws OutboundError `outbound.bad_encoding`
 */
export async function unpack({ body, truncated }: Body, encoding: string, maxBytes: number): Promise<Body> {
  const name = encoding.trim().toLowerCase();
  const bound = { maxOutputLength: maxBytes };
  try {
    switch (name) {
      case '':
      case 'identity':
        return { body, truncated };
      case 'gzip':
      case 'x-gzip':
        return { body: await promisify(gunzip)(body, { ...zlib, ...bound }), truncated };
      case 'deflate':
        return { body: await promisify(inflate)(body, { ...zlib, ...bound }), truncated };
      case 'br':
        return { body: await promisify(brotliDecompress)(body, { ...brotli, ...bound }), truncated };
      default:
        throw new OutboundError('outbound.bad_encoding');
    }
  } catch (error) {
    if (codeOf(error) === 'ERR_BUFFER_TOO_LARGE') return { body: Buffer.alloc(0), truncated: true };
    throw error instanceof OutboundError ? error : new OutboundError('outbound.bad_encoding', error);
  }
}
