import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import nodemailer from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { Customer } from '../support/customer.js';
import { apartFromSes, deliveredBytes, storedBytes } from '../support/sent-bytes.js';
import { emailIdOf, SmtpClient } from '../support/smtp-client.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const programs = { swaks: process.env['SWAKS'] ?? '', msmtp: process.env['MSMTP'] ?? '' };
const isInstalled = programs.swaks !== '' && programs.msmtp !== '';
if (!isInstalled) {
  if (process.env['CI'] !== undefined)
    throw new Error('CI must test with swaks and msmtp: set SWAKS and MSMTP');
  process.stderr.write(
    'NOT TESTED WITH SWAKS AND MSMTP: SWAKS and MSMTP are not set (npm test sets them).\n',
  );
}
const withPrograms = isInstalled ? it : it.skip;

interface SandboxMessage {
  message_id: string;
  to: string[];
  cc: string[];
  bcc: string[];
  text: string;
}

// Some start processes of their own.
jest.setTimeout(60_000);

describe('SMTP', () => {
  let stack: Stack;
  let customer: Customer;

  beforeAll(async () => {
    stack = await startStack({ smtp: true });
    customer = await Customer.create(stack);
    await customer.connect();
  }, 120_000);
  afterAll(() => stack?.close());

  const transport = (options: { pool?: true; maxConnections?: number } = {}) =>
    nodemailer.createTransport({
      host: '127.0.0.1',
      port: stack.smtp,
      requireTLS: true,
      tls: { rejectUnauthorized: false },
      auth: { user: 'resend', pass: customer.key },
      ...options,
    });

  /** The email once it is sent, with what the sandbox's SES got. */
  async function sent(id: string) {
    const email = await customer.untilEmail(id, 'sent');
    const sesId = String(email['ses_message_id']);
    const message = await customer.admin<SandboxMessage>('GET', `/messages/${encodeURIComponent(sesId)}`);
    return { email, message, delivered: await deliveredBytes(customer, sesId) };
  }

  /** What was submitted is what is stored, but for lines that are for us alone; and what is stored is what SES got. */
  async function expectSameBytes(id: string, submitted: Buffer): Promise<void> {
    const { delivered } = await sent(id);
    expect((await storedBytes(stack.databaseUrl, id)).equals(submitted)).toBe(true);
    expect(apartFromSes(delivered)).toBe(apartFromSes(submitted));
  }

  it('sends what nodemailer composes: names, subject, HTML, attachments, Cc, Bcc, Reply-To', async () => {
    const pdf = randomBytes(300_000);
    const info = await transport().sendMail({
      from: 'Åsa Sender <hello@example.com>',
      to: 'Jürgen <success@simulator.amazonses.com>',
      cc: 'cc@example.net',
      bcc: 'bcc@example.net',
      replyTo: 'answers@example.com',
      subject: 'Grüße aus München',
      html: '<p>Grüße</p>',
      text: 'Grüße',
      attachments: [{ filename: 'übersicht.pdf', content: pdf }],
    });
    expect(info.rejected).toEqual([]);
    const { email, message, delivered } = await sent(emailIdOf(info.response));
    expect(email).toMatchObject({
      from: 'Åsa Sender <hello@example.com>',
      to: ['Jürgen <success@simulator.amazonses.com>'],
      cc: ['cc@example.net'],
      bcc: ['bcc@example.net'],
      reply_to: ['answers@example.com'],
      subject: 'Grüße aus München',
      html: '<p>Grüße</p>',
      text: 'Grüße',
    });
    expect(message).toMatchObject({
      to: ['success@simulator.amazonses.com'],
      cc: ['cc@example.net'],
      bcc: ['bcc@example.net'],
    });
    const base64 = delivered.toString('latin1').replaceAll('\r\n', '');
    expect(base64).toContain(pdf.toString('base64'));
    expect(delivered.toString('latin1')).not.toContain('bcc@example.net');
    expect((await customer.api<{ data: { id: string }[] }>('GET', '/emails?limit=1')).body.data[0]?.id).toBe(
      email['id'],
    );
  });

  it('sends many through one pool, each once, to 25 recipients each', async () => {
    const pool = transport({ pool: true, maxConnections: 3 });
    const to = Array.from({ length: 25 }, (_, index) => `r${index}@example.net`);
    const infos = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        pool.sendMail({ from: 'hello@example.com', to, subject: `Pool ${index}`, text: `Mail ${index}` }),
      ),
    );
    pool.close();
    const ids = infos.map(({ response }) => emailIdOf(response));
    expect(new Set(ids).size).toBe(30);
    const messages = await Promise.all(ids.map(async (id) => (await sent(id)).message));
    expect(messages.map(({ text }) => text.trim())).toEqual(infos.map((_, index) => `Mail ${index}`));
    for (const message of messages) expect(message.to).toEqual(to);
  });

  it.each([
    ['8-bit text', 'BODY=8BITMIME', 'Subject: plain', Buffer.from('Grüße – 日本語\r\n')],
    [
      'raw UTF-8 in headers',
      'BODY=8BITMIME SMTPUTF8',
      'Subject: Grüße\r\nX-Note: 日本語\r\n folded\r\n\tfolded again',
      Buffer.from('x\r\n'),
    ],
    [
      'bytes that are no text',
      'BODY=8BITMIME',
      'Subject: latin',
      Buffer.from([0xe4, 0xff, 0xfe, 0x80, 0x0d, 0x0a]),
    ],
    ['lines of dots', '', 'Subject: dots', Buffer.from('.\r\n..\r\n.a\r\n...\r\nb.\r\n.\r\n')],
    ['no body', '', 'Subject: nothing', Buffer.alloc(0)],
    ['a line of 998 bytes', '', 'Subject: long', Buffer.from(`${'x'.repeat(998)}\r\n`)],
    [
      'spaces and tabs at the ends of lines',
      '',
      'Subject: space  \r\nX-Empty:',
      Buffer.from(' \t \r\n\r\n\r\n \r\n'),
    ],
  ])('passes on every byte: %s', async (_, parameters, headers, body) => {
    const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
    const head = `From: Åsa <hello@example.com>\r\nTo: success@simulator.amazonses.com\r\n${headers}\r\n\r\n`;
    const message = Buffer.concat([Buffer.from(head), body]);
    const reply = await client.send(['success@simulator.amazonses.com'], message, ` ${parameters}`.trimEnd());
    client.close();
    await expectSameBytes(emailIdOf(reply.text), message);
  });

  it('passes on every byte of a large message, however it is cut into packets', async () => {
    const composer = new MailComposer({
      from: 'hello@example.com',
      to: 'success@simulator.amazonses.com',
      subject: 'Large',
      text: '.\r\n..\r\n.dots\r\n'.repeat(2_000),
      attachments: [{ filename: 'a.bin', content: randomBytes(6_000_000) }],
    });
    const message = await composer.compile().build();
    const info = await transport().sendMail({
      envelope: { from: 'hello@example.com', to: ['success@simulator.amazonses.com'] },
      raw: message,
    });
    await expectSameBytes(emailIdOf(info.response), message);
  }, 60_000);

  it('honours the envelope, and keeps its secrets', async () => {
    const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
    const kept =
      'From: hello@example.com\r\nTo: A <a@example.net>, absent@example.net\r\nSubject: Envelope\r\n\r\nx\r\n';
    const message = `Bcc: hidden@example.net\r\nX-SES-CONFIGURATION-SET: other\r\nX-SES-MESSAGE-TAGS: a=b\r\n${kept}`;
    const { text } = await client.send(
      ['a@example.net', 'hidden@example.net', 'secret@münchen.example'],
      message,
    );
    const id = emailIdOf(text);
    await expectSameBytes(id, Buffer.from(kept));
    const { email, message: seen } = await sent(id);
    expect(email).toMatchObject({
      to: ['A <a@example.net>'],
      bcc: ['hidden@example.net', 'secret@xn--mnchen-3ya.example'],
    });
    expect(seen).toMatchObject({
      to: ['a@example.net'],
      cc: [],
      bcc: ['hidden@example.net', 'secret@xn--mnchen-3ya.example'],
      configuration_set: null,
      tags: [{ name: 'sesame_email_id', value: id }],
    });
    client.close();
  });

  it('takes a message from the null sender', async () => {
    const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
    await client.begin(['success@simulator.amazonses.com'], { from: '' });
    const { text } = await client.end('From: hello@example.com\r\nSubject: Null\r\n\r\nx\r\n');
    await sent(emailIdOf(text));
    client.close();
  });

  it('takes the mails of one connection in one go (pipelining)', async () => {
    const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
    const begin = 'MAIL FROM:<hello@example.com>\r\nRCPT TO:<success@simulator.amazonses.com>\r\nDATA\r\n';
    const mail = (index: number) => `From: hello@example.com\r\nSubject: Pipe ${index}\r\n\r\nx\r\n.\r\n`;
    client.write(begin);
    for (let index = 0; index < 20; index++) client.write(mail(index) + (index < 19 ? begin : 'QUIT\r\n'));
    const ids: string[] = [];
    for (let index = 0; index < 20; index++) {
      expect([(await client.reply()).code, (await client.reply()).code]).toEqual([250, 250]);
      expect((await client.reply()).code).toBe(354);
      ids.push(emailIdOf((await client.reply()).text));
    }
    expect((await client.reply()).code).toBe(221);
    const emails = await Promise.all(ids.map((id) => customer.untilEmail(id, 'sent')));
    expect(emails.map((email) => email['subject'])).toEqual(ids.map((_, index) => `Pipe ${index}`));
  });

  it('answers a repeated idempotency key with the first email, also when the mail was composed anew', async () => {
    const mail = (text: string) => ({
      from: 'hello@example.com',
      to: 'success@simulator.amazonses.com',
      subject: 'Once',
      text,
      html: '<p>once</p>',
      headers: { 'Resend-Idempotency-Key': 'order-77' },
      attachments: [{ filename: 'a.txt', content: 'attached' }],
    });
    const first = await transport().sendMail(mail('one'));
    const again = await Promise.all(Array.from({ length: 5 }, () => transport().sendMail(mail('one'))));
    const id = emailIdOf(first.response);
    expect(new Set(again.map(({ response }) => emailIdOf(response)))).toEqual(new Set([id]));
    await expect(transport().sendMail(mail('two'))).rejects.toMatchObject({
      responseCode: 554,
      response: expect.stringContaining('idempotency key'),
    });
    const { delivered } = await sent(id);
    expect(delivered.toString()).not.toMatch(/idempotency/i);
    const messages = await customer.messages();
    expect(messages.filter((message) => JSON.stringify(message.tags).includes(id))).toHaveLength(1);
  });

  withPrograms('sends with swaks: STARTTLS, AUTH, an attachment', async () => {
    const { code, output } = await run(programs.swaks, [
      ...['--server', '127.0.0.1', '--port', String(stack.smtp), '--tls'],
      ...['--auth', 'LOGIN', '--auth-user', 'sesame', '--auth-password', customer.key],
      ...['--from', 'hello@example.com', '--to', 'success@simulator.amazonses.com,b@example.net'],
      ...[
        '--header',
        'Subject: By swaks',
        '--body',
        'Hello',
        '--attach-type',
        'text/plain',
        '--attach',
        'attached',
      ],
    ]);
    expect([code, output]).toEqual([0, expect.stringContaining('250 2.0.0 Ok')]);
    const id = emailIdOf(/2\.0\.0 Ok [0-9a-f-]{36}/.exec(output)?.[0] ?? '');
    const { email, message } = await sent(id);
    expect(email['subject']).toBe('By swaks');
    expect([...message.to, ...message.bcc].sort()).toEqual([
      'b@example.net',
      'success@simulator.amazonses.com',
    ]);
    expect((await storedBytes(stack.databaseUrl, id)).toString()).toContain('attached');
  });

  withPrograms('sends with msmtp: 8-bit, 25 recipients, byte for byte', async () => {
    const recipients = Array.from({ length: 25 }, (_, index) => `m${index}@example.net`);
    const message =
      'From: Åsa <hello@example.com>\nTo: undisclosed-recipients:;\nSubject: By msmtp – Grüße\nDate: Mon, 23 Nov 2026 10:00:00 +0000\n' +
      'Message-ID: <by-msmtp@example.com>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\nGrüße\n.\n..\n';
    const { code, output } = await run(
      programs.msmtp,
      [
        ...[
          '--host=127.0.0.1',
          `--port=${stack.smtp}`,
          '--tls=on',
          '--tls-starttls=on',
          '--tls-certcheck=off',
        ],
        ...[
          '--auth=plain',
          '--user=resend',
          `--passwordeval=echo ${customer.key}`,
          '--from=hello@example.com',
        ],
        ...['--domain=client.example', '--', ...recipients],
      ],
      message,
    );
    expect([code, output]).toEqual([0, '']);
    const { id } = (await customer.api<{ data: { id: string }[] }>('GET', '/emails?limit=1')).body
      .data[0] ?? { id: '' };
    await expectSameBytes(id, Buffer.from(message.replaceAll('\n', '\r\n')));
    expect((await sent(id)).message.bcc).toEqual(recipients);
  });

  it('shows the files of a mail, and the submission in the log of the project', async () => {
    const info = await transport().sendMail({
      from: 'hello@example.com',
      to: 'success@simulator.amazonses.com',
      subject: 'Files',
      text: 'x',
      attachments: [{ filename: 'übersicht.pdf', content: 'a file' }],
    });
    const id = emailIdOf(info.response);
    const files = await customer.api<{ data: object[] }>('GET', `/emails/${id}/attachments`);
    expect(files.body.data).toMatchObject([
      {
        filename: 'übersicht.pdf',
        content_type: 'application/pdf',
        size: 6,
        content_disposition: 'attachment',
      },
    ]);
    const entry = await until('logged', async () => {
      const { body } = await customer.api<{ data: { id: string; method: string }[] }>(
        'GET',
        '/logs?limit=100',
      );
      const first = body.data.find(({ method }) => method === 'SMTP');
      const one = await customer.api('GET', `/logs/${first?.id}`);
      return JSON.stringify(one.body).includes(id) ? one.body : undefined;
    });
    expect(entry).toMatchObject({
      method: 'SMTP',
      endpoint: '/emails',
      response_status: 250,
      request_body: { mail_from: 'hello@example.com', rcpt_to: ['success@simulator.amazonses.com'] },
      response_body: { id },
    });
  });

  it('takes mail to suppressed addresses, and leaves these out', async () => {
    await customer.api('POST', '/suppressions', { email: 'gone@example.net' });
    const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
    const mail = (to: string) => `From: hello@example.com\r\nTo: ${to}\r\nSubject: Suppressed\r\n\r\nx\r\n`;
    const some = await client.send(['gone@example.net', 'here@example.net'], mail('gone@example.net'));
    const none = await client.send(['gone@example.net'], mail('gone@example.net'));
    client.close();
    expect((await sent(emailIdOf(some.text))).message).toMatchObject({
      to: [],
      cc: [],
      bcc: ['here@example.net'],
    });
    await customer.untilEmail(emailIdOf(none.text), 'suppressed');
  });

  it('writes neither keys nor addresses nor subjects into its log', () => {
    const lines = stack.processes.filter(({ name }) => name === 'smtp').flatMap((one) => one.lines);
    expect(lines.filter((line) => line.includes('smtp.accepted')).length).toBeGreaterThan(10);
    const log = lines.join('\n');
    for (const planted of [customer.key, 'hello@example.com', 'example.net', 'Grüße', 'order-77'])
      expect(log).not.toContain(planted);
  });
});

function run(program: string, args: string[], input = ''): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output }));
    child.stdin.end(input);
  });
}
