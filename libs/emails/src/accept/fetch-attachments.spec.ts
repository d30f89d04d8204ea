import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { GuardedHttp, SystemResolver } from '#libs/outbound';
import { FetchAttachments } from './fetch-attachments.js';
import type { SendEmailRequest } from './send-request.js';

let server: Server;
let answer: RequestListener;
let http: GuardedHttp;
let files: FetchAttachments;

beforeEach(async () => {
  answer = (_request, response) => response.end('x');
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  http = new GuardedHttp({ allow: ['127.0.0.1/32'], plainHttp: true }, new SystemResolver(false));
  files = new FetchAttachments(http);
});
afterEach(async () => {
  await http.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const request = (count: number, path = '/file'): SendEmailRequest => ({
  from: 'a@example.com',
  to: 'b@example.net',
  subject: 'Hello',
  text: 'Hi',
  attachments: Array.from({ length: count }, (_, index) => ({
    path: `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}/${index}.txt`,
  })),
});
const complete = (email: SendEmailRequest) =>
  files.complete(
    'p',
    email,
    () => Promise.resolve(),
    (whole) => Promise.resolve(whole),
  );

async function refusalOf(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(
    () => 'accepted',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

describe('FetchAttachments', () => {
  it('hands on what has nothing to fetch, the same object', async () => {
    const email = { ...request(0), attachments: [{ content: 'aGk=', filename: 'a.txt' }] };
    expect(await complete(email)).toBe(email);
  });

  it('puts every file in its place', async () => {
    answer = (asked, response) => response.end(asked.url);
    const email = request(9);
    email.attachments?.splice(3, 0, { content: 'aGk=', filename: 'inline.txt' });
    const whole = await complete(email);
    expect(whole.attachments?.map(({ filename }) => filename)).toEqual([
      '0.txt', '1.txt', '2.txt', 'inline.txt', '3.txt', '4.txt', '5.txt', '6.txt', '7.txt', '8.txt',
    ]); // prettier-ignore
    expect(whole.attachments?.[9]?.content).toBe(Buffer.from('/file/8.txt').toString('base64'));
  });

  it('asks for four files of an email at the same time', async () => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    answer = (_asked, response) => {
      open += 1;
      most = Math.max(most, open);
      waiting.push(() => {
        open -= 1;
        response.end('x');
      });
      // All that come together wait for the fourth; the tenth has nobody to wait for.
      if (waiting.length === 4 || most === 4) for (const go of waiting.splice(0)) setImmediate(go);
    };
    await complete(request(10));
    expect(most).toBe(4);
  });

  it('ends the others when one fails, and asks for no more', async () => {
    let closed = 0;
    const asked: string[] = [];
    answer = (incoming, response) => {
      asked.push(incoming.url ?? '');
      response.on('close', () => (closed += 1));
      // The others never end by themselves.
      if (asked.length === 4) response.writeHead(500).end();
    };
    const error = await refusalOf(complete(request(10)));
    expect(error).toMatchObject({
      kind: 'invalid_attachment',
      field: expect.stringMatching(/^attachments\[[0-3]\]\.path$/),
      message: expect.stringContaining('status 500'),
    });
    expect(asked).toHaveLength(4);
    while (closed < 4) await new Promise((resolve) => setImmediate(resolve));
  });

  it('fetches nothing when the check refuses', async () => {
    const asked: string[] = [];
    answer = (incoming, response) => {
      asked.push(incoming.url ?? '');
      response.end();
    };
    const refusal = new AppError({ code: 'x.y', kind: 'invalid', message: 'no' });
    const work = files.complete(
      'p',
      request(2),
      () => Promise.reject(refusal),
      () => Promise.resolve(),
    );
    expect(await refusalOf(work)).toBe(refusal);
    expect(asked).toEqual([]);
  });

  it('leaves its place again, whatever happens', async () => {
    answer = (_asked, response) => response.writeHead(404).end();
    for (let count = 0; count < 70; count++) await refusalOf(complete(request(1)));
    answer = (_asked, response) => response.end('x');
    expect((await complete(request(1))).attachments?.[0]?.content).toBe('eA==');
  });

  it.each([
    ['image/png', 'image/png'],
    ['text/html; charset=utf-8', 'text/html; charset=utf-8'],
    ['application/octet-stream', undefined],
    ['no media type', undefined],
    [undefined, undefined],
  ])('takes the type %s from the server as %s', async (header, type) => {
    answer = (_asked, response) =>
      response.writeHead(200, header === undefined ? {} : { 'content-type': header }).end('x');
    expect((await complete(request(1))).attachments?.[0]?.content_type).toBe(type);
  });
});
