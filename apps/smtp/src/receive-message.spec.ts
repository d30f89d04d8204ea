import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { SMTPServerDataStream } from 'smtp-server';
import { ByteBudget } from './byte-budget.js';
import { receiveMessage } from './receive-message.js';

const newStream = () => new PassThrough() as unknown as SMTPServerDataStream;
const MB = 1024 * 1024;

/** Whether all of a budget is there again. */
function expectUnused(budget: ByteBudget, limit: number): void {
  expect(budget.take(limit)).toBe(true);
  budget.give(limit);
}

describe('receiveMessage', () => {
  it('gives the bytes as they came, however they were cut', async () => {
    const budget = new ByteBudget(MB);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 30_000 }), { maxLength: 10 }),
        fc.nat(100_000),
        async (chunks, declared) => {
          const stream = newStream();
          const receiving = receiveMessage(stream, budget, { maxBytes: MB, declared });
          for (const chunk of chunks) stream.write(chunk);
          stream.end();
          const { bytes, release } = await receiving;
          expect(bytes.equals(Buffer.concat(chunks))).toBe(true);
          release();
        },
      ),
      { seed: 1, numRuns: 50 },
    );
    expectUnused(budget, MB);
  });

  it('reads what is too large to its end, and keeps nothing of it', async () => {
    const budget = new ByteBudget(MB);
    const stream = newStream();
    const receiving = receiveMessage(stream, budget, { maxBytes: 100, declared: 0 });
    stream.write(Buffer.alloc(60));
    stream.write(Buffer.alloc(60));
    stream.end(Buffer.alloc(60));
    await expect(receiving).rejects.toMatchObject({
      responseCode: 552,
      message: expect.stringMatching(/^5\.3\.4/),
    });
    expectUnused(budget, MB);
  });

  it('says 452 where there is no room, at once for a size that is announced', async () => {
    const budget = new ByteBudget(MB);
    const [first, second, third] = [newStream(), newStream(), newStream()];
    const large = receiveMessage(first, budget, { maxBytes: MB, declared: MB / 2 });
    const announced = receiveMessage(second, budget, { maxBytes: MB, declared: MB });
    const silent = receiveMessage(third, budget, { maxBytes: MB, declared: 0 });
    third.end(Buffer.alloc(MB / 2 + 1));
    await expect(silent).rejects.toMatchObject({ responseCode: 452 });
    second.end('small after all');
    await expect(announced).rejects.toMatchObject({
      responseCode: 452,
      message: expect.stringMatching(/^4\.3\.1/),
    });
    first.end('hello');
    const { bytes, release } = await large;
    expect(bytes.toString()).toBe('hello');
    release();
    expectUnused(budget, MB);
  });

  it('takes no message that did not come in full', async () => {
    const budget = new ByteBudget(MB);
    const stream = newStream();
    const receiving = receiveMessage(stream, budget, { maxBytes: MB, declared: 1_000 });
    stream.write('From: me@example.com\r\n\r\nhalf');
    stream.destroy();
    await expect(receiving).rejects.toMatchObject({ responseCode: 451 });
    expectUnused(budget, MB);
  });
});
