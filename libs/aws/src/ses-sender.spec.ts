import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AwsFailure } from './aws-failure.js';
import { createSharedHandler } from './http-handler.js';
import { SesGateway } from './ses-gateway.js';
import { SesSender, type SendingSession } from './ses-sender.js';

interface Received {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
type Answer = (response: ServerResponse, index: number) => void;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-requestid': 'req-1',
      ...headers,
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
const sent = json(200, { MessageId: '0102-abc-000000' });

const session: SendingSession = {
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMQ==',
    expiresAt: new Date('2026-08-05T13:00:00Z'),
  },
};
const nowMs = Date.parse('2026-08-05T11:52:01Z');
const simple = {
  FromEmailAddress: 'Ann <a@example.com>',
  Destination: { ToAddresses: ['b@example.net'], CcAddresses: ['c@example.net'] },
  EmailTags: [{ Name: 'sesame_email_id', Value: 'e-1' }],
  Content: {
    Simple: {
      Subject: { Data: 'Grüße 😀', Charset: 'UTF-8' },
      Body: {
        Html: { Data: '<p>"ä" \\ \u2028</p>', Charset: 'UTF-8' },
        Text: { Data: 'line\r\nline', Charset: 'UTF-8' },
      },
    },
  },
};
const payload = JSON.stringify(simple);

/** A SES on a free port that keeps what it was sent. */
class FakeSes {
  readonly received: Received[] = [];
  answer: Answer = sent;
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url: path, headers } = request;
      this.received.push({ method, path, headers, body: Buffer.concat(chunks) });
      this.answer(response, this.received.length - 1);
    });
  });

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  only(): Received {
    expect(this.received).toHaveLength(1);
    return this.received[0] as Received;
  }
}

/** Whether the signature fits what arrived, worked out without any code of ours. */
function isSignedRight({ method, path = '', headers, body }: Received): boolean {
  const match =
    /Credential=([^/]+)\/((\d{8})\/([^/]+)\/([^/]+)\/aws4_request), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  const [, , scope = '', day = '', region = '', service = '', names = '', signature = ''] = match ?? [];
  const hash = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');
  const lines = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, '', lines.join(''), names, hash(body)].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, hash(canonical)].join('\n');
  const mac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const key = mac(
    mac(mac(mac(`AWS4${session.credentials.secretAccessKey}`, day), region), service),
    'aws4_request',
  );
  return mac(key, toSign).toString('hex') === signature;
}

let ses: FakeSes;
let url: string;
let handler: ReturnType<typeof createSharedHandler>;
let opened: SesSender[];
const before = { ...process.env };

beforeEach(async () => {
  ses = new FakeSes();
  url = await ses.listen();
  handler = createSharedHandler();
  opened = [];
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  process.env['AWS_CONFIG_FILE'] = '/dev/null';
  process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
  process.env['AWS_ENDPOINT_URL_SESV2'] = url;
});
afterEach(async () => {
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  Object.assign(process.env, before);
  await Promise.all(opened.map((sender) => sender.close()));
  handler.destroy();
  await ses.close();
});

function senderOf(
  transport: 'lean' | 'sdk',
  options: { sesTimeoutMs?: number; now?: () => number } = {},
): SesSender {
  const sender = new SesSender(
    { transport, sendsInFlight: 4, sesTimeoutMs: 20_000, now: () => nowMs, ...options },
    new SesGateway(handler),
  );
  opened.push(sender);
  return sender;
}

async function failureOf(sending: Promise<string>): Promise<AwsFailure> {
  const outcome = await sending.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(AwsFailure);
  return outcome as AwsFailure;
}

const transports = ['lean', 'sdk'] as const;

describe('the lean transport', () => {
  it('sends exactly the bytes it was given and signs them', async () => {
    await expect(senderOf('lean').send(session, payload)).resolves.toBe('0102-abc-000000');
    const received = ses.only();
    expect(received.method).toBe('POST');
    expect(received.path).toBe('/v2/email/outbound-emails');
    expect(received.body.equals(Buffer.from(payload))).toBe(true);
    expect(received.headers).toMatchObject({
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(payload)),
      host: new URL(url).host,
      'x-amz-date': '20260805T115201Z',
      'x-amz-security-token': session.credentials.sessionToken,
    });
    expect(isSignedRight(received)).toBe(true);
  });

  it('signs what it sends below a base path', async () => {
    process.env['AWS_ENDPOINT_URL_SESV2'] = `${url}/aws/ses/`;
    await senderOf('lean').send(session, payload);
    expect(ses.only().path).toBe('/aws/ses/v2/email/outbound-emails');
    expect(isSignedRight(ses.only())).toBe(true);
  });

  it('uses its sockets again', async () => {
    const ports = new Set<number | undefined>();
    ses.answer = (response, index) => {
      ports.add(response.socket?.remotePort);
      sent(response, index);
    };
    const sender = senderOf('lean');
    for (let count = 0; count < 12; count++) await sender.send(session, payload);
    expect(ses.received).toHaveLength(12);
    expect(ports.size).toBeLessThanOrEqual(4);
  });

  it('has no more calls in flight than it has sockets', async () => {
    const open: ServerResponse[] = [];
    let most = 0;
    ses.answer = (response, index) => {
      open.push(response);
      most = Math.max(most, open.length);
      // The first four are held until the fourth is there; then each answer lets the next one in.
      if (index < 3) return;
      for (const waiting of open.splice(0)) sent(waiting, index);
    };
    const sender = senderOf('lean');
    await Promise.all(Array.from({ length: 12 }, () => sender.send(session, payload)));
    expect(ses.received).toHaveLength(12);
    expect(most).toBe(4);
  });

  it('keeps sessions apart on shared sockets', async () => {
    const sender = senderOf('lean');
    const other = {
      ...session,
      credentials: { ...session.credentials, accessKeyId: 'ASIAOTHER', sessionToken: 'tok2' },
    };
    await Promise.all([sender.send(session, payload), sender.send(other, payload)]);
    const who = ses.received.map(({ headers }) => [
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
    expect(ses.received.every(isSignedRight)).toBe(true);
  });

  it('gives up after its timeout without knowing what happened', async () => {
    ses.answer = () => undefined;
    const failure = await failureOf(senderOf('lean', { sesTimeoutMs: 50 }).send(session, payload));
    expect(failure).toMatchObject({ code: 'TimeoutError', effect: 'unknown', httpStatus: undefined });
    expect(ses.received).toHaveLength(1);
  });

  // Only here: the SDK asks `instanceof Error`, which an error of Node itself is not in Jest's realm. What it makes of
  // the same error outside of Jest stands in aws-failure.spec.ts.
  it('knows that nothing was sent when nobody listens', async () => {
    await ses.close();
    const failure = await failureOf(senderOf('lean').send(session, payload));
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
    ses.answer = json(200, body);
    const failure = await failureOf(senderOf('lean').send(session, payload));
    expect(failure).toMatchObject({ code: 'MalformedAnswer', httpStatus: 200, effect: 'unknown' });
  });
});

describe('AWS’s clock', () => {
  const refusal = (date: string): Answer =>
    json(403, { message: 'Signature expired' }, { 'x-amzn-errortype': 'InvalidSignatureException', date });
  const dates = () => ses.received.map(({ headers }) => headers['x-amz-date']);
  const at = (ms: number) => new Date(ms).toUTCString();

  it.each([
    ['ahead', 10 * 60_000, '20260805T120201Z'],
    ['behind', -3_600_000, '20260805T105201Z'],
    ['a day ahead', 86_400_000, '20260806T115201Z'],
  ])('is learned from the Date of a refusal when it is %s, and the mail goes', async (_, skewMs, second) => {
    ses.answer = (response, index) => (index === 0 ? refusal(at(nowMs + skewMs)) : sent)(response, index);
    const sender = senderOf('lean');
    await expect(sender.send(session, payload)).resolves.toBe('0102-abc-000000');
    await expect(sender.send(session, payload)).resolves.toBe('0102-abc-000000');
    expect(dates()).toEqual(['20260805T115201Z', second, second]);
    expect(ses.received.every(isSignedRight)).toBe(true);
  });

  it('is learned once for calls that were refused together', async () => {
    ses.answer = (response, index) => (index < 2 ? refusal(at(nowMs + 600_000)) : sent)(response, index);
    const sender = senderOf('lean');
    const both = await Promise.all([sender.send(session, payload), sender.send(session, payload)]);
    expect(both).toEqual(['0102-abc-000000', '0102-abc-000000']);
    expect(dates()).toHaveLength(4);
  });

  it.each([
    ['is close to ours: then the clock is not to blame', () => at(nowMs + 59_000)],
    ['cannot be read', () => 'yesterday'],
  ])('is not learned when it %s', async (_, date) => {
    ses.answer = refusal(date());
    const sender = senderOf('lean');
    await failureOf(sender.send(session, payload));
    await failureOf(sender.send(session, payload));
    expect(dates()).toEqual(['20260805T115201Z', '20260805T115201Z']);
  });

  it('is not learned from other errors', async () => {
    ses.answer = json(
      400,
      { message: 'no' },
      { 'x-amzn-errortype': 'MessageRejected', date: at(nowMs + 3_600_000) },
    );
    const sender = senderOf('lean');
    await failureOf(sender.send(session, payload));
    await failureOf(sender.send(session, payload));
    expect(dates()).toEqual(['20260805T115201Z', '20260805T115201Z']);
  });

  it('is followed when our own clock is set right afterwards', async () => {
    let ours = nowMs;
    ses.answer = refusal(at(nowMs + 3_600_000));
    const sender = senderOf('lean', { now: () => ours });
    await failureOf(sender.send(session, payload));
    ours += 3_600_000;
    await failureOf(sender.send(session, payload));
    await failureOf(sender.send(session, payload));
    const [first, second, third] = ['20260805T115201Z', '20260805T125201Z', '20260805T135201Z'];
    expect(dates()).toEqual([first, second, third, second, second]);
  });
});

const attached = {
  ...simple,
  ReplyToAddresses: ['r@example.com'],
  Content: {
    Simple: {
      ...simple.Content.Simple,
      Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com/u>' }],
      Attachments: [
        {
          FileName: 'ä.bin',
          ContentType: 'application/octet-stream',
          ContentDisposition: 'ATTACHMENT',
          ContentTransferEncoding: 'BASE64',
          RawContent: Buffer.from([0, 1, 2, 250, 255]).toString('base64'),
        },
        {
          FileName: 'logo.png',
          ContentType: 'image/png',
          ContentDisposition: 'INLINE',
          ContentId: 'logo',
          ContentTransferEncoding: 'BASE64',
          RawContent: Buffer.from('png').toString('base64'),
        },
      ],
    },
  },
};
const raw = {
  ...simple,
  Content: { Raw: { Data: Buffer.from('From: a@example.com\r\nX-Ünïcode: ä\r\n\r\nä').toString('base64') } },
};

describe('both transports', () => {
  it.each([
    ['a simple mail', simple],
    ['a mail with attachments', attached],
    ['a raw mail', raw],
  ])('send the same request for %s', async (_, content) => {
    for (const transport of transports) {
      await expect(senderOf(transport).send(session, JSON.stringify(content))).resolves.toBe(
        '0102-abc-000000',
      );
    }
    const [lean, sdk] = ses.received;
    expect(ses.received).toHaveLength(2);
    expect([lean?.method, lean?.path]).toEqual([sdk?.method, sdk?.path]);
    expect(JSON.parse(String(lean?.body))).toEqual(JSON.parse(String(sdk?.body)));
    expect(JSON.parse(String(lean?.body))).toEqual(content);
    for (const name of ['host', 'content-type', 'x-amz-security-token']) {
      expect(lean?.headers[name]).toBe(sdk?.headers[name]);
    }
    const scope = (received: Received | undefined) =>
      /Credential=[^/]+\/\d{8}\/(.+?),/.exec(received?.headers.authorization ?? '')?.[1];
    expect(scope(lean)).toBe('eu-west-1/ses/aws4_request');
    expect(scope(sdk)).toBe(scope(lean));
  });

  it('send the same request below a base path', async () => {
    process.env['AWS_ENDPOINT_URL_SESV2'] = `${url}/aws/ses`;
    for (const transport of transports) await senderOf(transport).send(session, payload);
    expect(ses.received.map(({ path }) => path)).toEqual(Array(2).fill('/aws/ses/v2/email/outbound-emails'));
  });

  it.each<[string, Answer, object]>([
    [
      'the type in the header',
      json(400, { message: 'Email address is not verified.' }, { 'x-amzn-errortype': 'MessageRejected' }),
      { code: 'MessageRejected', httpStatus: 400, message: 'Email address is not verified.', effect: 'no' },
    ],
    [
      'a suffix behind the type',
      json(
        429,
        { message: 'Maximum sending rate exceeded.' },
        { 'x-amzn-ErrorType': 'TooManyRequestsException:http://internal.amazon.com/coral/x/' },
      ),
      {
        code: 'TooManyRequestsException',
        httpStatus: 429,
        message: 'Maximum sending rate exceeded.',
        effect: 'no',
      },
    ],
    [
      'the type in the body, with its namespace',
      json(400, { __type: 'com.amazonaws.sesv2#BadRequestException', message: "Missing final '@domain'" }),
      { code: 'BadRequestException', httpStatus: 400, message: "Missing final '@domain'", effect: 'no' },
    ],
    [
      'the type as code',
      json(400, { code: 'SendingPausedException', message: 'paused' }),
      { code: 'SendingPausedException', httpStatus: 400, message: 'paused', effect: 'no' },
    ],
    [
      'header and body that differ: the header counts',
      json(404, { __type: 'Other', message: 'm' }, { 'x-amzn-errortype': 'NotFoundException' }),
      { code: 'NotFoundException', httpStatus: 404, message: 'm', effect: 'no' },
    ],
    [
      'a capital Message',
      json(403, { Message: 'User is not authorized' }, { 'x-amzn-errortype': 'AccessDeniedException' }),
      { code: 'AccessDeniedException', httpStatus: 403, message: 'User is not authorized', effect: 'no' },
    ],
    [
      'an error that SendEmail does not model',
      json(
        403,
        { message: 'The security token included in the request is expired' },
        { 'x-amzn-errortype': 'ExpiredTokenException' },
      ),
      {
        code: 'ExpiredTokenException',
        httpStatus: 403,
        message: 'The security token included in the request is expired',
        effect: 'no',
      },
    ],
    [
      'a 500 that is a refusal',
      json(500, { message: 'm' }, { 'x-amzn-errortype': 'ConcurrentModificationException' }),
      { code: 'ConcurrentModificationException', httpStatus: 500, message: 'm', effect: 'no' },
    ],
    [
      'a 500 after which nobody knows',
      json(500, { message: 'm' }, { 'x-amzn-errortype': 'InternalFailure' }),
      { code: 'InternalFailure', httpStatus: 500, message: 'm', effect: 'unknown' },
    ],
  ])('read %s the same way', async (_, answer, expected) => {
    ses.answer = answer;
    for (const transport of transports) {
      const failure = await failureOf(senderOf(transport).send(session, payload));
      expect(failure).toMatchObject({
        service: 'ses',
        operation: 'SendEmail',
        requestId: 'req-1',
        ...expected,
      });
    }
    expect(ses.received).toHaveLength(2);
  });

  it.each<[string, Answer, object]>([
    [
      'a type and an empty body',
      json(400, '', { 'x-amzn-errortype': 'SerializationException' }),
      { code: 'SerializationException', httpStatus: 400, effect: 'no' },
    ],
    [
      'a type and no message',
      json(400, { message: null }, { 'x-amzn-errortype': 'BadRequestException' }),
      { code: 'BadRequestException', httpStatus: 400, effect: 'no' },
    ],
    ['neither type nor message', json(400, {}), { httpStatus: 400, effect: 'no' }],
    ['a key `type` alone', json(400, { type: 'MessageRejected' }), { httpStatus: 400, effect: 'no' }],
    ['an empty 503', json(503, ''), { httpStatus: 503, effect: 'unknown' }],
  ])('agree about status and effect of %s', async (_, answer, expected) => {
    ses.answer = answer;
    for (const transport of transports) {
      expect(await failureOf(senderOf(transport).send(session, payload))).toMatchObject(expected);
    }
  });

  it.each<[string, Answer]>([
    ['a page of a load balancer', json(502, '<html>Bad gateway</html>', { 'content-type': 'text/html' })],
    ['a 200 that is no JSON', json(200, '<html>')],
    ['a 200 without a message id', json(200, {})],
    ['a connection that ends before the answer', (response) => response.destroy()],
    [
      'an answer that breaks off',
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
        response.write('{"MessageId":"0102');
        setImmediate(() => response.destroy());
      },
    ],
  ])('do not know whether the mail was sent after %s, and send it once', async (_, answer) => {
    ses.answer = answer;
    for (const transport of transports) {
      expect(await failureOf(senderOf(transport).send(session, payload))).toMatchObject({
        effect: 'unknown',
      });
    }
    expect(ses.received).toHaveLength(2);
  });

  it('show neither credentials nor the mail in an error', async () => {
    ses.answer = json(403, { message: 'no' }, { 'x-amzn-errortype': 'InvalidSignatureException' });
    for (const transport of transports) {
      const failure = await failureOf(senderOf(transport).send(session, payload));
      const shown = JSON.stringify({
        ...failure,
        message: failure.message,
        stack: failure.stack,
        cause: failure.cause,
      });
      expect(shown).not.toContain(session.credentials.sessionToken);
      expect(shown).not.toContain(session.credentials.secretAccessKey);
      expect(shown).not.toContain('b@example.net');
    }
  });
});
