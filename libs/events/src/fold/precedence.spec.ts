import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact, FactType } from './fact.js';
import { decideEmail, type EmailState } from './precedence.js';

const fact = (type: FactType, fields: Partial<Fact> = {}): Fact => ({
  type,
  recipient: 'to@example.net',
  at: new Date('2026-10-01T08:00:00Z'),
  key: '',
  data: {},
  isSoft: false,
  isCounted: true,
  ...fields,
});
const soft = fact('bounced', { isSoft: true });
const state = (fields: Partial<EmailState> = {}): EmailState => ({
  status: 'sent',
  feedbackRank: 0,
  engagement: 0,
  hasMessageId: true,
  ...fields,
});
const after = (email: EmailState, ...facts: Fact[]): string =>
  decideEmail(email, facts)?.status ?? email.status;

describe('the status of an email', () => {
  it.each<[string, Fact[], string]>([
    ['delivered', [fact('delivered')], 'delivered'],
    ['delivered, then bounced', [fact('delivered'), fact('bounced')], 'bounced'],
    ['bounced, then delivered', [fact('bounced'), fact('delivered')], 'bounced'],
    ['delivered, then an automatic answer', [fact('delivered'), soft], 'delivered'],
    ['a temporary failure', [soft], 'bounced'],
    ['delayed, then a temporary failure', [fact('delivery_delayed'), soft], 'bounced'],
    ['delayed, then delivered', [fact('delivery_delayed'), fact('delivered')], 'delivered'],
    ['delivered, then told of a delay', [fact('delivered'), fact('delivery_delayed')], 'delivered'],
    ['complained', [fact('complained')], 'complained'],
    ['complained, then bounced', [fact('complained'), fact('bounced')], 'complained'],
    ['one held back, one delivered', [fact('suppressed'), fact('delivered')], 'delivered'],
    ['one held back, one bounced', [fact('suppressed'), fact('bounced')], 'bounced'],
    ['all held back', [fact('suppressed')], 'suppressed'],
    ['refused by SES', [fact('failed')], 'failed'],
    ['opened', [fact('opened')], 'sent'],
    ['delivered and clicked', [fact('clicked'), fact('delivered')], 'delivered'],
    ['nothing but that SES has it', [], 'sent'],
  ])('%s', (_, facts, expected) => {
    expect(after(state(), ...facts)).toBe(expected);
  });

  it.each(['scheduled', 'queued', 'sending', 'uncertain', 'failed', 'expired', 'canceled'])(
    'is settled when SES has a mail that we took for %s',
    (status) => {
      expect(decideEmail(state({ status, hasMessageId: false }), [])).toMatchObject({
        status: 'sent',
        isSettled: true,
      });
      expect(decideEmail(state({ status, hasMessageId: false }), [fact('delivered')])).toMatchObject({
        status: 'delivered',
        isSettled: true,
      });
    },
  );

  it('is not settled twice', () => {
    expect(decideEmail(state({ status: 'failed', feedbackRank: 6 }), [fact('complained')])).toMatchObject({
      status: 'complained',
      isSettled: false,
    });
  });

  it('is not written when nothing changes', () => {
    expect(decideEmail(state(), [])).toBeUndefined();
    expect(
      decideEmail(state({ status: 'delivered', feedbackRank: 5 }), [
        fact('delivered'),
        fact('opened', { data: { machine: true } }),
      ]),
    ).toBeUndefined();
  });

  it('says why SES refused the mail', () => {
    const failed = fact('failed', { data: { reason: 'Rejected', message: 'Bad content' } });
    expect(decideEmail(state(), [failed])?.failure).toEqual({ reason: 'Rejected', message: 'Bad content' });
  });

  it.each<[string, Fact[], number]>([
    ['opened', [fact('opened')], 1],
    ['opened by a machine', [fact('opened', { data: { machine: true } })], 0],
    ['clicked, then opened', [fact('clicked'), fact('opened')], 2],
  ])('beside what people did: %s', (_, facts, engagement) => {
    expect(decideEmail(state(), facts)?.engagement ?? 0).toBe(engagement);
  });

  it('does not depend on the order, the sets or the repetitions in which facts come', () => {
    const types: FactType[] = [
      'delivery_delayed',
      'delivered',
      'bounced',
      'suppressed',
      'complained',
      'failed',
      'opened',
      'clicked',
    ];
    const facts = fc.array(
      fc
        .record({ type: fc.constantFrom(...types), isSoft: fc.boolean() })
        .map(({ type, isSoft }) => fact(type, { isSoft: type === 'bounced' && isSoft })),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(facts, fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (all, random) => {
        const whole = decideEmail(state({ status: 'sending', hasMessageId: false }), all);
        let email = state({ status: 'sending', hasMessageId: false });
        const shuffled = [...all, ...all]
          .map((one) => ({ one, place: Number(random.next().value) }))
          .sort((a, b) => a.place - b.place);
        for (const { one } of shuffled) {
          const change = decideEmail(email, [one]);
          if (change !== undefined) email = { ...change, hasMessageId: true };
        }
        expect([email.status, email.feedbackRank, email.engagement]).toEqual([
          whole?.status,
          whole?.feedbackRank,
          whole?.engagement,
        ]);
      }),
    );
  });
});
