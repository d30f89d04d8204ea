import { describe, expect, it } from '@jest/globals';
import { jobs, purposes, queueNames, type JobName } from './catalog.js';

const connectionId = '0190b2d4-7a3c-7def-8123-456789abcdef';
const other = '0190b2d4-7a3c-7def-8123-456789abcde0';

/** Every payload that every job can have, as far as kinds go. */
const examples: Readonly<Record<JobName, readonly Record<string, string>[]>> = {
  'lane.drain': [{ connectionId }, { connectionId: other }],
  'session.refresh': [connectionId, other].flatMap((id) =>
    purposes.map((purpose) => ({ connectionId: id, purpose })),
  ),
  'connection.check': [{ connectionId }, { connectionId: other }],
  'metrics.compact': [{}],
  'maintenance.run': [{}],
  'events.fold': [{ connectionId }, { connectionId: other }],
  'feedback.follow': [{ connectionId }, { connectionId: other }],
  'feedback.pull': [{ connectionId }, { connectionId: other }],
  'suppressions.sync': [{ connectionId }, { connectionId: other }],
  'domain.follow': [{ domainId: connectionId }, { domainId: other }],
  'webhook.deliver': [{ webhookId: connectionId }, { webhookId: other }],
};
const names = Object.keys(jobs) as JobName[];
const deduplicationId = (name: JobName, data: Record<string, string>) =>
  (jobs[name].deduplicationId as (data: Record<string, string>) => string)(data);

describe.each(names)('the job %s', (name) => {
  it('takes its own data', () => {
    for (const data of examples[name]) expect(jobs[name].schema.safeParse(data).success).toBe(true);
  });

  it.each([
    ['something more', { html: '<p>' }],
    ['no UUID', { connectionId: 'x' }],
    ['an unknown purpose', { purpose: 'everything' }],
  ])('takes no data with %s', (_, change) => {
    expect(jobs[name].schema.safeParse({ ...examples[name][0], ...change }).success).toBe(false);
  });

  it('has a deduplication id without a colon, which BullMQ does not allow, and another one for other data', () => {
    const ids = examples[name].map((data) => deduplicationId(name, data));
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9-]+$/);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('names a queue that exists, and how often and how late it is tried', () => {
    const { queue, attempts, backoffMs } = jobs[name];
    expect(queueNames).toContain(queue);
    expect(attempts).toBeGreaterThanOrEqual(1);
    expect(backoffMs > 0).toBe(attempts > 1);
  });
});
