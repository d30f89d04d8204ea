import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '#libs/telemetry';
import type { Outcome } from './outcome.js';
import { Recorder } from './recorder.js';

const outcome = (emailId: string): Outcome => ({
  emailId,
  status: 'sent',
  attempt: 'sent',
  isCounted: true,
  retryInMs: 0,
  sesMessageId: 'm',
  errorName: undefined,
  errorMessage: undefined,
  errorRemedy: undefined,
  startedAt: new Date(0),
  durationMs: 1,
});

interface Written {
  connectionId: string;
  claimId: string;
  ids: string[];
  isLast: boolean;
}

/** Records that can be away, slow or refuse to extend. */
class FakeRecords {
  readonly written: Written[] = [];
  readonly extended: [claimId: string, ttlMs: number][] = [];
  attempts = 0;
  failures = 0;
  extendAnswer: () => Promise<boolean> = () => Promise.resolve(true);
  gate: Promise<void> = Promise.resolve();

  async record(
    { connectionId }: { connectionId: string },
    claimId: string,
    outcomes: readonly Outcome[],
    isLast: boolean,
  ): Promise<void> {
    this.attempts += 1;
    await this.gate;
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('the database is away');
    }
    this.written.push({ connectionId, claimId, ids: outcomes.map(({ emailId }) => emailId), isLast });
  }

  extendClaim(claimId: string, ttlMs: number): Promise<boolean> {
    this.extended.push([claimId, ttlMs]);
    return this.extendAnswer();
  }
}

const ttlMs = 10_000;
let records: FakeRecords;
let logged: Record<string, unknown>[];
let recorder: Recorder;

beforeEach(() => {
  jest.useFakeTimers();
  records = new FakeRecords();
  logged = [];
  const logger = createLogger('debug', 'test', (line) =>
    logged.push(JSON.parse(line) as Record<string, unknown>),
  );
  recorder = new Recorder(
    records,
    { connectionId: 'connection-1', projectId: 'project-1' },
    'claim-1',
    ttlMs,
    logger,
  );
});
afterEach(() => {
  jest.useRealTimers();
});

const add = (count: number, prefix = 'e') => {
  for (let index = 0; index < count; index++) recorder.add(outcome(`${prefix}${index}`));
};
const sizes = () => records.written.map(({ ids, isLast }) => [ids.length, isLast]);

describe('outcomes', () => {
  it('are gathered for 100 ms and written together, in their order', async () => {
    recorder.add(outcome('a'));
    await jest.advanceTimersByTimeAsync(60);
    recorder.add(outcome('b'));
    await jest.advanceTimersByTimeAsync(39);
    expect(records.written).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    expect(records.written).toEqual([
      { connectionId: 'connection-1', claimId: 'claim-1', ids: ['a', 'b'], isLast: false },
    ]);
  });

  it('are written at once when there are 200', async () => {
    add(199);
    await jest.advanceTimersByTimeAsync(0);
    expect(records.written).toEqual([]);
    add(1, 'last');
    await jest.advanceTimersByTimeAsync(0);
    expect(sizes()).toEqual([[200, false]]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(sizes()).toEqual([[200, false]]);
  });

  it('that come later are in a batch of their own', async () => {
    add(450);
    await jest.advanceTimersByTimeAsync(100);
    expect(sizes()).toEqual([
      [200, false],
      [200, false],
      [50, false],
    ]);
  });

  it('are never written by two statements side by side', async () => {
    let open: () => void = () => undefined;
    records.gate = new Promise((resolve) => (open = resolve));
    add(400);
    await jest.advanceTimersByTimeAsync(500);
    expect(records.attempts).toBe(1);
    open();
    await jest.advanceTimersByTimeAsync(0);
    expect(records.attempts).toBe(2);
  });
});

describe('the end of a claim', () => {
  it('writes what is left with the last flag and waits for it', async () => {
    add(3);
    await recorder.finish();
    expect(records.written).toEqual([
      { connectionId: 'connection-1', claimId: 'claim-1', ids: ['e0', 'e1', 'e2'], isLast: true },
    ]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(records.written).toHaveLength(1);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives the claim back even when nothing is left to write', async () => {
    add(200);
    await recorder.finish();
    expect(sizes()).toEqual([
      [200, false],
      [0, true],
    ]);
  });

  it('comes after everything before it, however slow that is', async () => {
    let open: () => void = () => undefined;
    records.gate = new Promise((resolve) => (open = resolve));
    add(200);
    let isFinished = false;
    const finished = recorder.finish().then(() => (isFinished = true));
    await jest.advanceTimersByTimeAsync(2_000);
    expect(isFinished).toBe(false);
    open();
    await finished;
    expect(sizes()).toEqual([
      [200, false],
      [0, true],
    ]);
  });
});

describe('a database that is away', () => {
  it('is asked again every 250 ms until it has the outcomes, and the claim is given back last', async () => {
    records.failures = 3;
    add(200);
    const finished = recorder.finish();
    await jest.advanceTimersByTimeAsync(749);
    expect(records.written).toEqual([]);
    await jest.advanceTimersByTimeAsync(1);
    await finished;
    expect(sizes()).toEqual([
      [200, false],
      [0, true],
    ]);
    expect(records.attempts).toBe(5);
  });

  it('is told of in the log without anything of the emails', async () => {
    records.failures = 1;
    add(2);
    const finished = recorder.finish();
    await jest.advanceTimersByTimeAsync(250);
    await finished;
    expect(logged).toHaveLength(1);
    expect(logged[0]).toMatchObject({
      event: 'email.record_failed',
      level: 'error',
      claimId: 'claim-1',
      count: 2,
    });
  });

  it('is given up when the claim has expired: the emails are another’s then', async () => {
    records.failures = Number.POSITIVE_INFINITY;
    add(1);
    let isFinished = false;
    const finished = recorder.finish().then(() => (isFinished = true));
    await jest.advanceTimersByTimeAsync(ttlMs - 1_000);
    expect(isFinished).toBe(false);
    await jest.advanceTimersByTimeAsync(1_500);
    await finished;
    expect(isFinished).toBe(true);
    const attempts = records.attempts;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(records.attempts).toBe(attempts);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gets outcomes that were given up once more with the last ones, and never the claim without them', async () => {
    records.failures = Number.POSITIVE_INFINITY;
    add(2);
    await jest.advanceTimersByTimeAsync(ttlMs + 500);
    records.failures = 1;
    const first = recorder.finish();
    await jest.advanceTimersByTimeAsync(0);
    await first;
    expect(records.written).toEqual([]);

    add(1);
    await recorder.finish();
    expect(sizes()).toEqual([[3, true]]);
  });

  it('is asked for as long as an extended claim lasts', async () => {
    await jest.advanceTimersByTimeAsync(6_000);
    await expect(recorder.isStillOurs()).resolves.toBe(true);
    records.failures = Number.POSITIVE_INFINITY;
    add(1);
    let isFinished = false;
    const finished = recorder.finish().then(() => (isFinished = true));
    await jest.advanceTimersByTimeAsync(9_000);
    expect(isFinished).toBe(false);
    records.failures = 0;
    await jest.advanceTimersByTimeAsync(250);
    await finished;
    expect(sizes()).toEqual([[1, true]]);
  });
});

describe('a claim', () => {
  it('is ours without asking in its first half', async () => {
    await jest.advanceTimersByTimeAsync(ttlMs / 2 - 1);
    await expect(recorder.isStillOurs()).resolves.toBe(true);
    expect(records.extended).toEqual([]);
  });

  it('is extended in its second half, once for everybody who asks', async () => {
    await jest.advanceTimersByTimeAsync(ttlMs / 2);
    await expect(Promise.all(Array.from({ length: 20 }, () => recorder.isStillOurs()))).resolves.toEqual(
      Array(20).fill(true),
    );
    expect(records.extended).toEqual([['claim-1', ttlMs]]);
    await jest.advanceTimersByTimeAsync(ttlMs / 2 - 1);
    await expect(recorder.isStillOurs()).resolves.toBe(true);
    expect(records.extended).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    await expect(recorder.isStillOurs()).resolves.toBe(true);
    expect(records.extended).toHaveLength(2);
  });

  it('counts from when the extension was asked for, not from when it was answered', async () => {
    await jest.advanceTimersByTimeAsync(6_000);
    records.extendAnswer = () => new Promise((resolve) => setTimeout(() => resolve(true), 3_000));
    const extended = recorder.isStillOurs();
    await jest.advanceTimersByTimeAsync(3_000);
    await expect(extended).resolves.toBe(true);
    // 6 s + 10 s: expired at 16 s, although the answer came at 9 s.
    await jest.advanceTimersByTimeAsync(7_000);
    await expect(recorder.isStillOurs()).resolves.toBe(false);
  });

  it('is not ours when it is gone', async () => {
    await jest.advanceTimersByTimeAsync(6_000);
    records.extendAnswer = () => Promise.resolve(false);
    await expect(recorder.isStillOurs()).resolves.toBe(false);
  });

  it('is not ours when it has expired, and nobody is asked', async () => {
    await jest.advanceTimersByTimeAsync(ttlMs);
    await expect(recorder.isStillOurs()).resolves.toBe(false);
    expect(records.extended).toEqual([]);
  });

  it('is not ours when the database cannot be asked: what has not left goes back', async () => {
    await jest.advanceTimersByTimeAsync(6_000);
    records.extendAnswer = () => Promise.reject(new Error('the database is away'));
    await expect(recorder.isStillOurs()).resolves.toBe(false);
  });

  it('may be asked for again after a failure', async () => {
    await jest.advanceTimersByTimeAsync(6_000);
    records.extendAnswer = () => Promise.reject(new Error('the database is away'));
    await recorder.isStillOurs().catch(() => undefined);
    records.extendAnswer = () => Promise.resolve(true);
    await expect(recorder.isStillOurs()).resolves.toBe(true);
  });
});
