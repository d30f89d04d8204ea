import { describe, expect, it } from '@jest/globals';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import { Webhook as SvixWebhook } from 'svix';
import { newSigningSecret } from '../secrets.js';
import { signedHeaders } from './sign-message.js';

const body = JSON.stringify({ type: 'email.sent', data: { subject: 'Hällo \u2028 👋' } });

describe('the headers of a delivery', () => {
  it('are verified by svix and standardwebhooks, whatever the secret', () => {
    for (let round = 0; round < 50; round++) {
      const secret = newSigningSecret();
      const headers = signedHeaders([secret], 'msg_1', new Date(), body);
      expect(new SvixWebhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
      expect(new StandardWebhook(secret).verify(body, headers)).toEqual(JSON.parse(body));
    }
  });

  it('carry both signatures during a rotation: either secret verifies, a third one does not', () => {
    const [fresh, old, other] = [newSigningSecret(), newSigningSecret(), newSigningSecret()];
    const headers = signedHeaders([fresh, old], 'msg_1', new Date(), body);
    for (const secret of [fresh, old]) {
      new SvixWebhook(secret).verify(body, headers);
      new StandardWebhook(secret).verify(body, headers);
    }
    expect(() => new SvixWebhook(other).verify(body, headers)).toThrow();
    expect(() => new StandardWebhook(other).verify(body, headers)).toThrow();
  });

  it.each([
    ['another body', 'msg_1', `${body} `],
    ['another id', 'msg_2', body],
  ])('do not fit %s', (_, id, text) => {
    const secret = newSigningSecret();
    const headers = signedHeaders([secret], 'msg_1', new Date(), body);
    expect(() => new SvixWebhook(secret).verify(text, { ...headers, 'svix-id': id })).toThrow();
  });

  it('are refused when they are more than five minutes old, so each attempt needs its own', () => {
    const secret = newSigningSecret();
    const headers = signedHeaders([secret], 'msg_1', new Date(Date.now() - 301_000), body);
    expect(() => new SvixWebhook(secret).verify(body, headers)).toThrow(/old/);
  });

  it('say the same under both names, in whole seconds', () => {
    const headers = signedHeaders([newSigningSecret()], 'msg_1', new Date('2026-11-24T08:00:00.999Z'), body);
    expect(headers['svix-timestamp']).toBe('1795507200');
    for (const name of ['id', 'timestamp', 'signature'])
      expect(headers[`webhook-${name}`]).toBe(headers[`svix-${name}`]);
  });
});
