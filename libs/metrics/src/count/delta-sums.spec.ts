import { describe, expect, it } from '@jest/globals';
import { DeltaSums } from './delta-sums.js';
import { MAX_COUNTED_TAGS } from './delta.js';
import { senderDomain } from './sender-domain.js';

const email = {
  projectId: 'p',
  connectionId: 'c',
  sender: 'A <a@Example.com>',
  tags: [{ name: 'kind', value: 'welcome' }],
};

describe('DeltaSums', () => {
  it('adds up what belongs together, in the hour in which it happened', () => {
    const sums = new DeltaSums();
    sums.add(email, new Date('2026-08-05T10:59:59.999Z'), 'delivered');
    sums.add(email, new Date('2026-08-05T10:00:00Z'), 'delivered');
    sums.add(email, new Date('2026-08-05T11:00:00Z'), 'delivered');
    const row = (tagName: string, tagValue: string, hour: string, value: number) => ({
      projectId: 'p',
      connectionId: 'c',
      domain: 'example.com',
      tagName,
      tagValue,
      hour: new Date(hour),
      metric: 'delivered',
      bucket: 0,
      value,
    });
    expect(sums.deltas()).toEqual([
      row('', '', '2026-08-05T10:00:00Z', 2),
      row('kind', 'welcome', '2026-08-05T10:00:00Z', 2),
      row('', '', '2026-08-05T11:00:00Z', 1),
      row('kind', 'welcome', '2026-08-05T11:00:00Z', 1),
    ]);
  });

  it('counts only the first tags of an email', () => {
    const sums = new DeltaSums();
    const tags = Array.from({ length: 75 }, (_, index) => ({ name: `n${index}`, value: 'v' }));
    sums.add({ ...email, tags }, new Date(0), 'sent');
    expect(sums.deltas()).toHaveLength(1 + MAX_COUNTED_TAGS);
  });
});

describe('senderDomain', () => {
  it.each([
    ['a@example.com', 'example.com'],
    ['Name <a@Mail.Example.com>', 'mail.example.com'],
    ['"a@b" <c@example.com> ', 'example.com'],
    ['nobody', ''],
    ['', ''],
  ])('of %s is %s', (sender, domain) => {
    expect(senderDomain(sender)).toBe(domain);
  });
});
