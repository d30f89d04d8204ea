import { expect, it } from '@jest/globals';
import type { JobProducer } from '#libs/queue';
import { createLogger } from '#libs/telemetry';
import { LaneWakeUps } from './lane-wake-ups.js';

const connectionId = '0190b2d4-7a3c-7def-8123-456789abcdef';

it('a lane is woken by its job, and a wake-up that is lost is logged', async () => {
  const added: unknown[] = [];
  const logged: string[] = [];
  const add = (...job: unknown[]) => {
    added.push(job);
    return Promise.reject(new Error('away'));
  };
  const wakeUps = new LaneWakeUps(
    { add } as unknown as JobProducer,
    createLogger('debug', 'test', (line) => logged.push(line)),
  );
  wakeUps.wake(connectionId);
  expect(added).toEqual([['lane.drain', { connectionId }]]);
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect(logged.join()).toContain('lane.wake_lost');
});
