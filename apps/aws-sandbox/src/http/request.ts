import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** A request before anything was decoded: SigV4 needs the path and query exactly as they were sent. */
export interface RawRequest {
  readonly method: string;
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly sourceIp: string;
  /** Calls back when the client goes away before its answer; gives what takes the listener off again. */
  readonly onGone: (listener: () => void) => () => void;
}

/** 40 MB of message become about 54 MB of base64, plus the JSON around it. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

const EMPTY = Buffer.alloc(0);

/** Reads the whole body; `null` when it is longer than {@link MAX_BODY_BYTES} or the client went away. */
const readBody = (incoming: IncomingMessage): Promise<Buffer | null> =>
  new Promise((resolve) => {
    let first: Buffer | null = null;
    let more: Buffer[] | null = null;
    let length = 0;
    incoming.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_BODY_BYTES) {
        incoming.removeAllListeners('data');
        incoming.resume();
        resolve(null);
      } else if (first === null) first = chunk;
      else (more ??= [first]).push(chunk);
    });
    incoming.on('end', () => resolve(more === null ? (first ?? EMPTY) : Buffer.concat(more, length)));
    incoming.on('error', () => resolve(null));
    incoming.on('aborted', () => resolve(null));
  });

export const readRequest = async (incoming: IncomingMessage): Promise<RawRequest | null> => {
  const body = await readBody(incoming);
  if (body === null) return null;
  const url = incoming.url ?? '/';
  const mark = url.indexOf('?');
  const address = incoming.socket.remoteAddress ?? '127.0.0.1';
  return {
    method: incoming.method ?? 'GET',
    rawPath: mark === -1 ? url : url.slice(0, mark),
    rawQuery: mark === -1 ? '' : url.slice(mark + 1),
    headers: incoming.headers,
    body,
    sourceIp: address.startsWith('::ffff:') ? address.slice(7) : address,
    onGone: (listener) => {
      const { socket } = incoming;
      if (socket.destroyed) queueMicrotask(listener);
      else socket.once('close', listener);
      return () => void socket.off('close', listener);
    },
  };
};

/** A single header value; Node joins duplicates already, except for `set-cookie`. */
export const header = (request: RawRequest, name: string): string | undefined => {
  const value = request.headers[name];
  return Array.isArray(value) ? value.join(',') : value;
};
