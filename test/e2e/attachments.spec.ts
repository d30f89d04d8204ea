import { randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import PostalMime from 'postal-mime';
import { Resend, type Attachment } from 'resend';
import { call, Customer } from '../support/customer.js';
import { deliveredBytes } from '../support/sent-bytes.js';
import { startStack, type Stack } from '../support/stack.js';

/** The one address of this machine that the API may fetch from. */
const allowed = '127.0.0.2';
/** One like it that it may not. */
const refused = '127.0.0.3';

interface AttachmentBody {
  id: string;
  filename: string;
  size: number;
  download_url: string;
  expires_at: string;
}

/** Bytes as text: Jest compares buffers byte by byte, which takes seconds. */
function base64(bytes: ArrayBuffer | Uint8Array | string): string {
  return Buffer.from(bytes as Uint8Array).toString('base64');
}

describe('attachments', () => {
  let stack: Stack;
  let customer: Customer;
  let resend: Resend;
  const files: Server[] = [];
  const fetched: string[] = [];
  const image = randomBytes(100_000);

  const answer: RequestListener = (request, response) => {
    fetched.push(request.url ?? '');
    const { port } = files[0]?.address() as AddressInfo;
    const url = request.url?.split('?')[0] ?? '/';
    const redirects: Record<string, string> = {
      '/moved': '/logo.png',
      '/to-private': `http://${refused}:${port}/secret.txt`,
      '/to-metadata': 'http://169.254.169.254/latest/meta-data/',
    };
    if (url === '/logo.png') response.writeHead(200, { 'content-type': 'image/png' }).end(image);
    else if (url === '/report') response.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF');
    else if (url === '/plain.csv')
      response.writeHead(200, { 'content-type': 'binary/octet-stream' }).end('a,b');
    else if (url === '/large.bin') response.writeHead(200).end(Buffer.alloc(31_500_000));
    else if (url === '/half.bin') response.writeHead(200).end(Buffer.alloc(16_000_000));
    else if (redirects[url] !== undefined) response.writeHead(302, { location: redirects[url] }).end();
    else response.writeHead(404).end('the secret page');
  };

  const at = (path: string, host = allowed) =>
    `http://${host}:${(files[0]?.address() as AddressInfo).port}${path}`;

  beforeAll(async () => {
    const first = createServer(answer);
    await new Promise<void>((resolve) => first.listen(0, allowed, resolve));
    const second = createServer(answer);
    files.push(first, second);
    await new Promise<void>((resolve) =>
      second.listen((first.address() as AddressInfo).port, refused, resolve),
    );
    stack = await startStack({ env: { SESAME_OUTBOUND_ALLOW: `${allowed}/32` } });
    customer = await Customer.create(stack);
    await customer.connect();
    resend = new Resend(customer.key, { baseUrl: stack.api });
  }, 120_000);
  afterAll(async () => {
    await stack?.close();
    for (const server of files) {
      server.close();
      server.closeAllConnections();
    }
  });

  const send = (attachments: Attachment[], more: { headers?: Record<string, string> } = {}) =>
    resend.emails.send({
      from: 'hello@example.com',
      to: 'success@simulator.amazonses.com',
      subject: 'Files',
      html: '<p>See</p>',
      attachments,
      ...more,
    });

  /** The message as the recipient gets it. */
  const delivered = async (id: string | undefined) => {
    const email = await customer.untilEmail(id ?? '', 'sent');
    return PostalMime.parse(await deliveredBytes(customer, String(email['ses_message_id'])));
  };

  it('arrive byte by byte in every shape: Buffer, base64, list of bytes, Buffer as JSON, URL', async () => {
    const bytes = randomBytes(1_000);
    const sdk = await send([
      { filename: 'buffer.bin', content: bytes },
      { filename: 'base64.bin', content: bytes.toString('base64') },
      { filename: 'url.png', path: at('/logo.png') },
    ]);
    expect(sdk.error).toBeNull();
    const sent = await delivered(sdk.data?.id);
    expect(sent.attachments.map(({ filename }) => filename)).toEqual(['buffer.bin', 'base64.bin', 'url.png']);
    expect(sent.attachments.map(({ content }) => base64(content))).toEqual([
      base64(bytes),
      base64(bytes),
      base64(image),
    ]);

    const raw = await customer.send({
      attachments: [
        { filename: 'list.bin', content: [...bytes] },
        { filename: 'json.bin', content: bytes.toJSON() },
      ],
    });
    const second = await delivered(raw);
    expect(second.attachments.map(({ content }) => base64(content))).toEqual([base64(bytes), base64(bytes)]);
  });

  it('by URL are called and typed after what is said, then the server, then the name', async () => {
    const { data, error } = await send([
      { path: at('/report?id=1') },
      { path: at('/moved') },
      { path: at('/plain.csv') },
      { path: at('/report'), filename: 'a.txt', contentType: 'text/plain' },
      { path: at('/never'), content: Buffer.from('content wins'), filename: 'b.txt' },
    ]);
    expect(error).toBeNull();
    const { attachments } = await delivered(data?.id);
    expect(attachments.map(({ filename, mimeType }) => [filename, mimeType])).toEqual([
      ['report', 'application/pdf'],
      ['moved', 'image/png'],
      ['plain.csv', 'text/csv'],
      ['a.txt', 'text/plain'],
      ['b.txt', 'text/plain'],
    ]);
    expect(fetched).not.toContain('/never');
  });

  it.each([
    ['an address that is not public', () => at('/logo.png', refused), /public internet addresses/],
    ['the API itself', () => `${stack.api}/emails`, /public internet addresses/],
    ['localhost', () => at('/logo.png', 'localhost'), /public internet addresses/],
    ['the metadata service', () => 'http://169.254.169.254/latest/meta-data/', /public internet addresses/],
    ['an address in decimal', () => at('/logo.png', '2130706435'), /public internet addresses/],
    ['an IPv6 address', () => at('/logo.png', '[::ffff:127.0.0.3]'), /public internet addresses/],
    ['a redirect to a private address', () => at('/to-private'), /public internet addresses/],
    ['a redirect to the metadata service', () => at('/to-metadata'), /public internet addresses/],
    ['a port of another service', () => `http://${allowed}:25/`, /port/],
    [
      'a user name',
      () => at('/logo.png').replace('http://', 'http://user:pw@'),
      /complete http or https URL/,
    ],
    ['a file', () => 'file:///etc/passwd', /complete http or https URL/],
    ['a local path', () => './invoice.pdf', /complete http or https URL/],
    ['nobody there', () => `http://${allowed}:1024/`, /connection to the server failed/],
    ['a page that is not found', () => at('/nothing'), /status 404/],
    ['more than SES takes', () => at('/large.bin'), /larger than 40 MB/],
  ])('by URL of %s: refused, with the field named', async (_, url, message) => {
    const before = fetched.filter((path) => path === '/secret.txt').length;
    const { error } = await send([{ content: 'aGk=', filename: 'first.txt' }, { path: url() }]);
    expect(error).toMatchObject({
      statusCode: 422,
      name: 'invalid_attachment',
      field: 'attachments[1].path',
      message: expect.stringMatching(message),
    });
    expect(error?.message).not.toContain('the secret page');
    expect(fetched.filter((path) => path === '/secret.txt')).toHaveLength(before);
  });

  it('by URL count together', async () => {
    const { error } = await send([{ path: at('/half.bin') }, { path: at('/half.bin') }]);
    expect(error).toMatchObject({ statusCode: 422, name: 'invalid_attachment' });
  });

  it('by URL are not fetched for an email that is refused anyway, nor for a repeat', async () => {
    const bad = await send([{ path: at('/report?for=bad') }, { filename: 'a.exe', content: 'eA==' }]);
    expect(bad.error).toMatchObject({ name: 'invalid_attachment', field: 'attachments[1].filename' });
    expect(fetched).not.toContain('/report?for=bad');

    const body = customer.email({ attachments: [{ path: at('/report?for=once') }] });
    const key = { 'idempotency-key': 'with-files' };
    const first = await customer.api('POST', '/emails', body, key);
    const again = await customer.api('POST', '/emails', body, key);
    expect(again.body).toEqual(first.body);
    expect(fetched.filter((path) => path === '/report?for=once')).toHaveLength(1);
    const other = await customer.api('POST', '/emails', { ...body, subject: 'other' }, key);
    expect(other.body).toMatchObject({ statusCode: 409, name: 'invalid_idempotent_request' });
  });

  it('are refused in batches', async () => {
    const { error } = await resend.batch.send([
      {
        from: 'hello@example.com',
        to: 'success@simulator.amazonses.com',
        subject: 'Files',
        text: 'See',
        // The SDK's types know that it is not supported; its code sends it all the same.
        ...{ attachments: [{ path: at('/logo.png') }] },
      },
    ]);
    expect(error).toMatchObject({ statusCode: 422, name: 'validation_error' });
  });

  it.each([
    ['Simple content', {}],
    ['Raw content', { headers: { 'X-Greeting': 'Grüße' } }],
  ])('can be listed and downloaded from %s', async (_, more) => {
    const { data } = await send(
      [
        { filename: 'note.txt', content: Buffer.from('first') },
        { filename: 'Ünïcode "x".html'.replaceAll('"', ''), content: Buffer.from('<script>1</script>') },
        { filename: 'logo.png', content: image, contentId: 'logo' },
      ],
      more,
    );
    const id = data?.id ?? '';
    const list = await resend.emails.attachments.list({ emailId: id });
    expect(list.error).toBeNull();
    expect(list.data).toMatchObject({ object: 'list', has_more: false });
    const found = (list.data?.data ?? []) as unknown as AttachmentBody[];
    const byName = new Map(found.map((item) => [item.filename, item]));
    expect(byName.get('note.txt')).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      filename: 'note.txt',
      size: 5,
      content_type: 'text/plain',
      content_disposition: 'attachment',
      content_id: null,
      download_url: expect.stringContaining(`${stack.api}/attachments/`),
      expires_at: expect.stringMatching(/Z$/),
    });
    expect(byName.get('logo.png')).toMatchObject({ content_disposition: 'inline', content_id: 'logo' });
    expect(found).toHaveLength(3);

    const html = byName.get('Ünïcode x.html');
    const one = await resend.emails.attachments.get({ emailId: id, id: html?.id ?? '' });
    expect(one.data).toMatchObject({ object: 'attachment', id: html?.id, size: 18 });

    const download = await fetch(html?.download_url ?? '');
    expect(download.status).toBe(200);
    expect(await download.text()).toBe('<script>1</script>');
    expect(Object.fromEntries(download.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': expect.stringMatching(
        /^attachment; filename="_n_code x.html"; filename\*=UTF-8''/,
      ),
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
    });
    const picture = await fetch(byName.get('logo.png')?.download_url ?? '');
    expect(base64(await picture.arrayBuffer())).toBe(base64(image));

    const page = async (query: string) =>
      (
        await customer.api<{ data: AttachmentBody[]; has_more: boolean }>(
          'GET',
          `/emails/${id}/attachments?${query}`,
        )
      ).body;
    const [first, second, third] = found.map((item) => item.id);
    const idsOf = ({ data: items }: { data: AttachmentBody[] }) => items.map((item) => item.id);
    expect(idsOf(await page('limit=2'))).toEqual([first, second]);
    expect(await page('limit=2')).toMatchObject({ has_more: true });
    expect(idsOf(await page(`after=${second}`))).toEqual([third]);
    expect(idsOf(await page(`before=${third}&limit=1`))).toEqual([second]);
  });

  it('are nobody else’s', async () => {
    const other = await Customer.create(stack, '777788889999', 'example.org');
    const id = await customer.send({ attachments: [{ filename: 'a.txt', content: 'aGk=' }] });
    const [file] = (await customer.api<{ data: AttachmentBody[] }>('GET', `/emails/${id}/attachments`)).body
      .data;
    const unknown = '01930000-0000-7000-8000-000000000000';
    for (const [path, message] of [
      [`/emails/${id}/attachments`, 'Email not found'],
      [`/emails/${unknown}/attachments`, 'Email not found'],
      [`/emails/${id}/attachments/${file?.id}`, 'Email not found'],
      [`/emails/${unknown}/attachments/${file?.id}`, 'Email not found'],
    ] as const) {
      const answer = await other.api('GET', path);
      expect(answer.body).toMatchObject({ statusCode: 404, name: 'not_found', message });
    }
    const mine = await customer.api('GET', `/emails/${id}/attachments/${unknown}`);
    expect(mine.body).toMatchObject({ statusCode: 404, name: 'not_found', message: 'Attachment not found' });
    const noId = await customer.api('GET', `/emails/${id}/attachments/x`);
    expect(noId.body).toMatchObject({ statusCode: 422, name: 'invalid_parameter', field: 'attachment_id' });
    const cursor = await customer.api('GET', `/emails/${id}/attachments?after=${unknown}`);
    expect(cursor.body).toMatchObject({ statusCode: 422, name: 'validation_error', field: 'after' });
  });

  it('are behind links that cannot be made up', async () => {
    const id = await customer.send({ attachments: [{ filename: 'a.txt', content: 'aGk=' }] });
    const [file] = (await customer.api<{ data: AttachmentBody[] }>('GET', `/emails/${id}/attachments`)).body
      .data;
    const link = file?.download_url.split('/attachments/')[1] ?? '';
    const [text = '', signature = ''] = link.split('.');
    const forged = Buffer.from(text, 'base64url').toString().replace(/\d+$/, '9999999999999');
    for (const token of [
      'x',
      text,
      `${text}.${'A'.repeat(43)}`,
      `${Buffer.from(forged).toString('base64url')}.${signature}`,
      'x'.repeat(900),
    ]) {
      const answer = await call(stack.api, undefined, 'GET', `/attachments/${token}`);
      expect(answer.body).toMatchObject({ statusCode: 404, name: 'not_found' });
      expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    }
  });
});
