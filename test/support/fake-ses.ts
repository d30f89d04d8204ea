import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect } from '@jest/globals';
import { AwsFailure, createSharedHandler, SesGateway, SesSender, type SendingSession } from '#libs/aws';

export interface Received {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: Buffer;
}
export type Answer = (response: ServerResponse, index: number) => void;

export const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-requestid': 'req-1',
      ...headers,
    });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
export const sent = json(200, { MessageId: '0102-abc-000000' });

export const session: SendingSession = {
  region: 'eu-west-1',
  credentials: {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
    sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMQ==',
    expiresAt: new Date('2026-08-05T13:00:00Z'),
  },
};
export const nowMs = Date.parse('2026-08-05T11:52:01Z');
export const simple = {
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
export const payload = JSON.stringify(simple);

/** A SES on a free port that keeps what it was sent. */
export class FakeSes {
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
export function isSignedRight({ method, path = '', headers, body }: Received): boolean {
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

/** A fresh SES before each test, with which the SDK's environment is all that the test sees of AWS. */
export function useFakeSes() {
  const before = { ...process.env };
  const opened: SesSender[] = [];
  let handler: ReturnType<typeof createSharedHandler>;
  const lab = {
    ses: new FakeSes(),
    url: '',
    senderOf(
      transport: 'lean' | 'sdk',
      options: { sesTimeoutMs?: number; now?: () => number } = {},
    ): SesSender {
      const sender = new SesSender(
        { transport, sendsInFlight: 4, sesTimeoutMs: 20_000, now: () => nowMs, ...options },
        new SesGateway(handler),
      );
      opened.push(sender);
      return sender;
    },
  };
  const forgetAws = () => {
    for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name];
  };
  beforeEach(async () => {
    lab.ses = new FakeSes();
    lab.url = await lab.ses.listen();
    handler = createSharedHandler();
    forgetAws();
    process.env['AWS_CONFIG_FILE'] = '/dev/null';
    process.env['AWS_SHARED_CREDENTIALS_FILE'] = '/dev/null';
    process.env['AWS_ENDPOINT_URL_SESV2'] = lab.url;
  });
  afterEach(async () => {
    forgetAws();
    Object.assign(process.env, before);
    await Promise.all(opened.splice(0).map((sender) => sender.close()));
    handler.destroy();
    await lab.ses.close();
  });
  return lab;
}

export async function failureOf(sending: Promise<string>): Promise<AwsFailure> {
  const outcome = await sending.catch((error: unknown) => error);
  expect(outcome).toBeInstanceOf(AwsFailure);
  return outcome as AwsFailure;
}
