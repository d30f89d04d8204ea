import { describe, expect, it } from '@jest/globals';
import { recipientStatuses, type RecipientEvent } from './recipient-statuses.js';

const at = (minute: number) => new Date(Date.UTC(2026, 9, 1, 8, minute));
const event = (
  type: string,
  recipient: string | null,
  minute: number,
  data: object = {},
): RecipientEvent => ({
  type,
  recipient,
  at: at(minute),
  data,
});
const sent = { status: 'delivered', at: at(0), sentAt: at(1) };

describe('what became of each recipient', () => {
  it('shows everybody once, in the order of To, Cc and Bcc', () => {
    const addresses = {
      to: ['Ann <A@example.net>', 'b@example.net'],
      cc: ['c@example.net'],
      bcc: ['b@example.net'],
    };
    const events = [
      event('delivered', 'a@example.net', 2),
      event('bounced', 'c@example.net', 3, { type: 'Permanent' }),
    ];
    expect(recipientStatuses(addresses, events, sent)).toEqual([
      { email: 'a@example.net', status: 'delivered', at: '2026-10-01T08:02:00.000Z' },
      { email: 'b@example.net', status: 'sent', at: '2026-10-01T08:01:00.000Z' },
      { email: 'c@example.net', status: 'bounced', at: '2026-10-01T08:03:00.000Z' },
    ]);
  });

  const one = { to: ['a@example.net'], cc: [], bcc: [] };
  it.each<[string, RecipientEvent[], string]>([
    [
      'delivered, then bounced for good',
      [event('delivered', 'a@example.net', 2), event('bounced', 'a@example.net', 1, { type: 'Permanent' })],
      'bounced',
    ],
    [
      'delivered, then an automatic answer',
      [event('delivered', 'a@example.net', 2), event('bounced', 'a@example.net', 3, { type: 'Transient' })],
      'delivered',
    ],
    ['a temporary failure', [event('bounced', 'a@example.net', 3, { type: 'Transient' })], 'bounced'],
    [
      'complained',
      [event('complained', 'a@example.net', 3), event('delivered', 'a@example.net', 2)],
      'complained',
    ],
    ['refused as a whole', [event('failed', null, 3)], 'failed'],
    ['opened', [event('opened', 'a@example.net', 3)], 'sent'],
    ["somebody else's", [event('bounced', 'b@example.net', 3)], 'sent'],
  ])('%s', (_, events, status) => {
    expect(recipientStatuses(one, events, sent)).toMatchObject([{ status }]);
  });

  it('is what the email is while it has not been sent', () => {
    expect(recipientStatuses(one, [], { status: 'queued', at: at(0), sentAt: null })).toEqual([
      { email: 'a@example.net', status: 'queued', at: '2026-10-01T08:00:00.000Z' },
    ]);
  });
});
