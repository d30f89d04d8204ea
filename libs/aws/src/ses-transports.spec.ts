import { describe, expect, it } from '@jest/globals';
import {
  failureOf,
  json,
  payload,
  session,
  simple,
  type Answer,
  type Received,
  useFakeSes,
} from '../../../test/support/fake-ses.js';

const lab = useFakeSes();
const transports = ['lean', 'sdk'] as const;

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
      await expect(lab.senderOf(transport).send(session, JSON.stringify(content))).resolves.toBe(
        '0102-abc-000000',
      );
    }
    const [lean, sdk] = lab.ses.received;
    expect(lab.ses.received).toHaveLength(2);
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
    process.env['AWS_ENDPOINT_URL_SESV2'] = `${lab.url}/aws/ses`;
    for (const transport of transports) await lab.senderOf(transport).send(session, payload);
    expect(lab.ses.received.map(({ path }) => path)).toEqual(
      Array(2).fill('/aws/ses/v2/email/outbound-emails'),
    );
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
    lab.ses.answer = answer;
    for (const transport of transports) {
      const failure = await failureOf(lab.senderOf(transport).send(session, payload));
      expect(failure).toMatchObject({
        service: 'ses',
        operation: 'SendEmail',
        requestId: 'req-1',
        ...expected,
      });
    }
    expect(lab.ses.received).toHaveLength(2);
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
    lab.ses.answer = answer;
    for (const transport of transports) {
      expect(await failureOf(lab.senderOf(transport).send(session, payload))).toMatchObject(expected);
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
    lab.ses.answer = answer;
    for (const transport of transports) {
      expect(await failureOf(lab.senderOf(transport).send(session, payload))).toMatchObject({
        effect: 'unknown',
      });
    }
    expect(lab.ses.received).toHaveLength(2);
  });

  it('show neither credentials nor the mail in an error', async () => {
    lab.ses.answer = json(403, { message: 'no' }, { 'x-amzn-errortype': 'InvalidSignatureException' });
    for (const transport of transports) {
      const failure = await failureOf(lab.senderOf(transport).send(session, payload));
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
