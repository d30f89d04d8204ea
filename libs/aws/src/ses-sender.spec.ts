import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import {
  failureOf,
  isSignedRight,
  json,
  nowMs,
  payload,
  sent,
  session,
  type Answer,
  useFakeSes,
} from '../../../test/support/fake-ses.js';

const lab = useFakeSes();

describe('the lean transport', () => {
  it('sends exactly the bytes it was given and signs them', async () => {
    await expect(lab.senderOf('lean').send(session, payload)).resolves.toBe('0102-abc-000000');
    const received = lab.ses.only();
    expect(received.method).toBe('POST');
    expect(received.path).toBe('/v2/email/outbound-emails');
    expect(received.body.equals(Buffer.from(payload))).toBe(true);
    expect(received.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(payload)),
      host: new URL(lab.url).host,
      'x-amz-date': '20260805T115201Z',
      'x-amz-security-token': session.credentials.sessionToken,
    });
    expect(isSignedRight(received)).toBe(true);
  });

  it('signs what it sends below a base path', async () => {
    process.env['AWS_ENDPOINT_URL_SESV2'] = `${lab.url}/aws/ses/`;
    await lab.senderOf('lean').send(session, payload);
    expect(lab.ses.only().path).toBe('/aws/ses/v2/email/outbound-emails');
    expect(isSignedRight(lab.ses.only())).toBe(true);
  });

  it('uses its sockets again', async () => {
    const ports = new Set<number | undefined>();
    lab.ses.answer = (response, index) => {
      ports.add(response.socket?.remotePort);
      sent(response, index);
    };
    const sender = lab.senderOf('lean');
    for (let count = 0; count < 12; count++) await sender.send(session, payload);
    expect(lab.ses.received).toHaveLength(12);
    expect(ports.size).toBeLessThanOrEqual(4);
  });

  it('has no more calls in flight than it has sockets', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    lab.ses.answer = (response, index) => {
      open.push(response);
      most = Math.max(most, open.length);
      // The first four are held until the fourth is there; then each answer lets the next one in.
      if (index < 3) return;
      for (const waiting of open.splice(0)) sent(waiting, index);
    };
    const sender = lab.senderOf('lean');
    await Promise.all(Array.from({ length: 12 }, () => sender.send(session, payload)));
    expect(lab.ses.received).toHaveLength(12);
    expect(most).toBe(4);
  });

  it('keeps sessions apart on shared sockets', async () => {
    const sender = lab.senderOf('lean');
    const other = {
      ...session,
      credentials: { ...session.credentials, accessKeyId: 'ASIAOTHER', sessionToken: 'tok2' },
    };
    await Promise.all([sender.send(session, payload), sender.send(other, payload)]);
    const who = lab.ses.received.map(({ headers }) => [
      /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1],
      headers['x-amz-security-token'],
    ]);
    expect(who).toHaveLength(2);
    expect(who).toEqual(
      expect.arrayContaining([
        ['ASIAIOSFODNN7EXAMPLE', session.credentials.sessionToken],
        ['ASIAOTHER', 'tok2'],
      ]),
    );
    expect(lab.ses.received.every(isSignedRight)).toBe(true);
  });

  it('gives up after its timeout without knowing what happened', async () => {
    lab.ses.answer = () => undefined;
    const failure = await failureOf(lab.senderOf('lean', { sesTimeoutMs: 50 }).send(session, payload));
    expect(failure).toMatchObject({ code: 'TimeoutError', effect: 'unknown', httpStatus: undefined });
    expect(lab.ses.received).toHaveLength(1);
  });

  // Only here: the SDK asks `instanceof Error`, which an error of Node itself is not in Jest's realm. What it makes of
  // the same error outside of Jest stands in aws-failure.spec.ts.
  it('knows that nothing was sent when nobody listens', async () => {
    await lab.ses.close();
    const failure = await failureOf(lab.senderOf('lean').send(session, payload));
    expect(failure).toMatchObject({
      code: 'NetworkError',
      message: 'ECONNREFUSED',
      effect: 'no',
      httpStatus: undefined,
    });
  });

  it.each([
    ['text', 'fine!'],
    ['an empty body', ''],
    ['an object without a message id', {}],
    ['a list', []],
    ['a message id that is no text', { MessageId: 7 }],
  ])('takes a 200 with %s as sent, perhaps', async (_, body) => {
    lab.ses.answer = json(200, body);
    const failure = await failureOf(lab.senderOf('lean').send(session, payload));
    expect(failure).toMatchObject({ code: 'MalformedAnswer', httpStatus: 200, effect: 'unknown' });
  });
});

describe('AWS’s clock', () => {
  const refusal = (date: string): Answer =>
    json(403, { message: 'Signature expired' }, { 'x-amzn-errortype': 'InvalidSignatureException', date });
  const dates = () => lab.ses.received.map(({ headers }) => headers['x-amz-date']);
  const at = (ms: number) => new Date(ms).toUTCString();

  it.each([
    ['ahead', 10 * 60_000, '20260805T120201Z'],
    ['behind', -3_600_000, '20260805T105201Z'],
    ['a day ahead', 86_400_000, '20260806T115201Z'],
  ])('is learned from the Date of a refusal when it is %s, and the mail goes', async (_, skewMs, second) => {
    lab.ses.answer = (response, index) => (index === 0 ? refusal(at(nowMs + skewMs)) : sent)(response, index);
    const sender = lab.senderOf('lean');
    await expect(sender.send(session, payload)).resolves.toBe('0102-abc-000000');
    await expect(sender.send(session, payload)).resolves.toBe('0102-abc-000000');
    expect(dates()).toEqual(['20260805T115201Z', second, second]);
    expect(lab.ses.received.every(isSignedRight)).toBe(true);
  });

  it('is learned once for calls that were refused together', async () => {
    lab.ses.answer = (response, index) => (index < 2 ? refusal(at(nowMs + 600_000)) : sent)(response, index);
    const sender = lab.senderOf('lean');
    const both = await Promise.all([sender.send(session, payload), sender.send(session, payload)]);
    expect(both).toEqual(['0102-abc-000000', '0102-abc-000000']);
    expect(dates()).toHaveLength(4);
  });

  it.each([
    ['is close to ours: then the clock is not to blame', () => at(nowMs + 59_000)],
    ['cannot be read', () => 'yesterday'],
  ])('is not learned when it %s', async (_, date) => {
    lab.ses.answer = refusal(date());
    const sender = lab.senderOf('lean');
    await failureOf(sender.send(session, payload));
    await failureOf(sender.send(session, payload));
    expect(dates()).toEqual(['20260805T115201Z', '20260805T115201Z']);
  });

  it('is not learned from other errors', async () => {
    lab.ses.answer = json(
      400,
      { message: 'no' },
      { 'x-amzn-errortype': 'MessageRejected', date: at(nowMs + 3_600_000) },
    );
    const sender = lab.senderOf('lean');
    await failureOf(sender.send(session, payload));
    await failureOf(sender.send(session, payload));
    expect(dates()).toEqual(['20260805T115201Z', '20260805T115201Z']);
  });

  it('is followed when our own clock is set right afterwards', async () => {
    let ours = nowMs;
    lab.ses.answer = refusal(at(nowMs + 3_600_000));
    const sender = lab.senderOf('lean', { now: () => ours });
    await failureOf(sender.send(session, payload));
    ours += 3_600_000;
    await failureOf(sender.send(session, payload));
    await failureOf(sender.send(session, payload));
    const [first, second, third] = ['20260805T115201Z', '20260805T125201Z', '20260805T135201Z'];
    expect(dates()).toEqual([first, second, third, second, second]);
  });
});
