import type { SMTPServerDataStream } from 'smtp-server';
import type { ByteBudget } from './byte-budget.js';
import { Reply } from './reply.js';

/** A message in memory; `release` when it is not needed any more. */
export interface ReceivedMessage {
  bytes: Buffer;
  release: () => void;
}

const FIRST_BYTES = 16 * 1024;

/**
 * Reads one message to its end. What is too large, or finds no room, is read on and thrown away: the answer comes after the
 * last byte, as SMTP wants it.
 *
 * @param declared the SIZE that the client announced, 0 without one: reserved at once
 * @throws Reply 552 or 452 at the end of the message, 451 when the connection broke before
 */
export function receiveMessage(
  stream: SMTPServerDataStream,
  budget: ByteBudget,
  { maxBytes, declared }: { maxBytes: number; declared: number },
): Promise<ReceivedMessage> {
  // Grows by doubling. A list of chunks would cost a hundred times its content when they come byte by byte.
  let buffer = Buffer.alloc(0);
  let received = 0;
  let taken = 0;
  let refusal: Reply | undefined;
  const refuse = (reply: Reply) => {
    refusal = reply;
    buffer = Buffer.alloc(0);
    budget.give(taken);
    taken = 0;
  };
  const reserve = (bytes: number) => {
    if (bytes <= buffer.length) return;
    const capacity = Math.min(Math.max(bytes, buffer.length * 2, FIRST_BYTES), maxBytes);
    if (!budget.take(capacity - taken)) {
      refuse(new Reply(452, '4.3.1 Too much mail is being received just now: try again'));
      return;
    }
    taken = capacity;
    const larger = Buffer.allocUnsafeSlow(capacity);
    buffer.copy(larger, 0, 0, received);
    buffer = larger;
  };
  reserve(Math.min(declared, maxBytes));
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      if (refusal !== undefined) return;
      const size = received + chunk.length;
      if (size > maxBytes) refuse(new Reply(552, `5.3.4 The message is larger than ${maxBytes} bytes`));
      else reserve(size);
      if (refusal !== undefined) return;
      chunk.copy(buffer, received);
      received = size;
    });
    stream.once('end', () => {
      if (refusal === undefined)
        resolve({ bytes: buffer.subarray(0, received), release: () => budget.give(taken) });
      else reject(refusal);
    });
    const abort = () => {
      if (stream.readableEnded) return;
      refuse(new Reply(451, '4.4.2 The message did not come in full'));
      reject(refusal);
    };
    // smtp-server destroys the stream when the client goes away.
    stream.once('error', abort);
    stream.once('close', abort);
  });
}
