import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import nodemailer from 'nodemailer';
import { call, Customer } from '../support/customer.js';
import { emailIdOf, SmtpClient } from '../support/smtp-client.js';
import { freePort, startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

const message = 'From: hello@example.com\r\nTo: a@example.net\r\nSubject: Hi\r\n\r\nHello\r\n';
const shown = ({ code, text }: { code: number; text: string }) => `${code} ${text}`;

// Some start processes of their own.
jest.setTimeout(60_000);

describe('what the SMTP server says', () => {
  let stack: Stack;
  let customer: Customer;

  beforeAll(async () => {
    stack = await startStack({ smtp: true });
    customer = await Customer.create(stack);
    await customer.connect();
  }, 120_000);
  afterAll(() => stack?.close());

  const newKey = async (fields: object) => {
    const path = `/v1/projects/${customer.projectId}/api-keys`;
    const { body } = await customer.api<{ id: string; token: string }>('POST', path, {
      name: 'k',
      ...fields,
    });
    return body;
  };
  const emailCount = async () =>
    (await customer.api<{ data: unknown[] }>('GET', '/emails?limit=100')).body.data.length;

  describe('before and while logging in', () => {
    it('offers STARTTLS and no AUTH before TLS, and AUTH after it', async () => {
      const { client, greeting } = await SmtpClient.open(stack.smtp);
      expect(greeting.code).toBe(220);
      const before = await client.command('EHLO client.example');
      expect(before.lines).toEqual(
        expect.arrayContaining([
          'STARTTLS',
          'PIPELINING',
          '8BITMIME',
          'SMTPUTF8',
          'ENHANCEDSTATUSCODES',
          'SIZE 31457280',
        ]),
      );
      expect(before.text).not.toContain('AUTH');
      expect(await client.startTls()).toMatchObject({ code: 220 });
      const after = await client.command('EHLO client.example');
      expect(after.lines).toEqual(expect.arrayContaining(['AUTH LOGIN PLAIN']));
      expect(after.lines).not.toContain('STARTTLS');
      client.close();
    });

    it('takes neither a key nor mail in clear text', async () => {
      const { client } = await SmtpClient.open(stack.smtp);
      await client.command('EHLO client.example');
      expect(shown(await client.authPlain('resend', customer.key))).toMatch(/^538 5\.7\.0 /);
      expect(shown(await client.command('MAIL FROM:<hello@example.com>'))).toMatch(/^530 5\.7\.0 /);
      client.close();
    });

    it('drops what was smuggled in before TLS began', async () => {
      const { client } = await SmtpClient.open(stack.smtp);
      await client.command('EHLO client.example');
      client.write('STARTTLS\r\nEHLO attacker.example\r\n');
      expect((await client.reply()).code).toBe(220);
      await client.upgrade();
      // Neither answered, nor taken for the EHLO that has to come under TLS.
      expect(shown(await client.authPlain('resend', customer.key))).toMatch(/^503 .*EHLO first/);
      client.close();
    });

    it('takes no mail under TLS without a login', async () => {
      const { client } = await SmtpClient.open(stack.smtp);
      await client.startTls();
      for (const line of ['MAIL FROM:<hello@example.com>', 'RCPT TO:<a@example.net>', 'DATA'])
        expect(shown(await client.command(line))).toMatch(/^530 5\.7\.0 Authentication required/);
      client.close();
    });

    it.each([['resend'], ['sesame'], ['RESEND']])(
      'lets the user %s in, by PLAIN and by LOGIN',
      async (user) => {
        const { client } = await SmtpClient.open(stack.smtp);
        await client.startTls();
        expect(shown(await client.authPlain(user, customer.key))).toMatch(/^235 2\.7\.0 /);
        client.close();
        const second = (await SmtpClient.open(stack.smtp)).client;
        await second.startTls();
        expect((await second.command('AUTH LOGIN')).code).toBe(334);
        expect((await second.command(Buffer.from(user).toString('base64'))).code).toBe(334);
        expect((await second.command(Buffer.from(customer.key).toString('base64'))).code).toBe(235);
        second.close();
      },
    );

    it.each<[string, () => string, string, RegExp]>([
      ['an unknown key', () => 'se_nothing', 'resend', /^535 5\.7\.8 API key is invalid/],
      ['no key', () => '', 'resend', /^535 5\.7\.8 /],
      ['a key with spaces', () => `${customer.key} x`, 'resend', /^535 5\.7\.8 /],
      ['another user', () => customer.key, 'admin', /^535 5\.7\.8 The user name is "resend"/],
      [
        'an organization key',
        () => stack.organization.key,
        'resend',
        /^535 5\.7\.8 This API key manages an organization/,
      ],
    ])('refuses %s', async (_, key, user, text) => {
      const { client } = await SmtpClient.open(stack.smtp);
      await client.startTls();
      expect(shown(await client.authPlain(user, key()))).toMatch(text);
      expect((await client.authPlain('resend', customer.key)).code).toBe(235);
      client.close();
    });

    it('hangs up at the third wrong key', async () => {
      const { client } = await SmtpClient.open(stack.smtp);
      await client.startTls();
      const codes = [];
      for (let attempt = 0; attempt < 3; attempt++)
        codes.push((await client.authPlain('resend', 'se_guess')).code);
      expect(codes).toEqual([535, 535, 421]);
      expect(await client.replyOrEnd()).toBeUndefined();
    });

    it('takes no more mail with a key that was revoked meanwhile', async () => {
      const key = await newKey({ permission: 'sending_access' });
      const client = await SmtpClient.loggedIn(stack.smtp, key.token);
      emailIdOf((await client.send(['a@example.net'], message)).text);
      await customer.api('DELETE', `/v1/projects/${customer.projectId}/api-keys/${key.id}`);
      await until('refused', async () => {
        const { code } = await client.command('MAIL FROM:<hello@example.com>');
        if (code === 535) return true;
        await client.command('RSET');
        return false;
      });
      client.close();
    });
  });

  describe('to recipients', () => {
    it('answers each of them', async () => {
      const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
      await client.command('MAIL FROM:<hello@example.com> SMTPUTF8');
      expect(shown(await client.command('RCPT TO:<jürgen@example.net>'))).toMatch(/^553 5\.6\.7 .*ASCII/);
      expect(shown(await client.command('RCPT TO:<postmaster>'))).toMatch(/^553 5\.1\.3 /);
      expect(shown(await client.command('RCPT TO:<a@[127.0.0.1]>'))).toMatch(/^553 5\.1\.3 /);
      expect(shown(await client.command('RCPT TO:<nobody>'))).toMatch(/^501 5\.1\.3 /);
      expect(shown(await client.command('RCPT TO:<a@example.net>'))).toMatch(/^250 2\.1\.5 /);
      await client.command('DATA');
      const id = emailIdOf((await client.end(message)).text);
      expect((await customer.untilEmail(id, 'sent'))['to']).toEqual(['a@example.net']);
      client.close();
    });

    it('lets a client send to the 51st in another transaction', async () => {
      const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
      const answers = [await client.command('MAIL FROM:<hello@example.com>')];
      for (let index = 0; index < 51; index++)
        answers.push(await client.command(`RCPT TO:<r${index}@example.net>`));
      expect(answers.map(({ code }) => code)).toEqual([...Array.from({ length: 51 }, () => 250), 452]);
      expect(shown(answers.at(-1) ?? { code: 0, text: '' })).toMatch(/^452 4\.5\.3 /);
      await client.command('DATA');
      emailIdOf((await client.end(message)).text);
      emailIdOf((await client.send(['r50@example.net'], message)).text);
      client.close();
    });

    it('tells nodemailer which ones were refused', async () => {
      const info = await nodemailer
        .createTransport({
          host: '127.0.0.1',
          port: stack.smtp,
          requireTLS: true,
          tls: { rejectUnauthorized: false },
          auth: { user: 'resend', pass: customer.key },
        })
        .sendMail({
          from: 'hello@example.com',
          to: ['jürgen@example.net', 'b@münchen.example'],
          subject: 'x',
          text: 'x',
        });
      expect([info.accepted, info.rejected]).toEqual([['b@xn--mnchen-3ya.example'], ['jürgen@example.net']]);
      await customer.untilEmail(emailIdOf(info.response), 'sent');
    });
  });

  describe('about a message', () => {
    it.each([
      ['no From', message.replace('From:', 'X-From:'), /^554 5\.6\.0 .*no From header/],
      [
        'two senders',
        message.replace('hello@example.com', 'hello@example.com, b@example.org'),
        /^554 5\.6\.0 .*one address/,
      ],
      ['two From headers', `From: b@example.org\r\n${message}`, /^554 5\.6\.0 .*more than one From/],
      ['a broken head', `nonsense\r\n${message}`, /^554 5\.6\.0 .*no header/],
      ['a long line', `${message}${'x'.repeat(999)}\r\n`, /^554 5\.6\.0 .*999 bytes/],
      ['a bare line feed', `${message}a\n.\nMAIL FROM:<x@example.com>\r\n`, /^554 5\.6\.0 .*line feed/],
      [
        'a bad idempotency key',
        `Resend-Idempotency-Key: ${'k'.repeat(257)}\r\n${message}`,
        /^554 5\.6\.0 .*1-256/,
      ],
    ])('refuses %s, and goes on', async (_, bad, text) => {
      const before = await emailCount();
      const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
      expect(shown(await client.send(['a@example.net'], bad))).toMatch(text);
      expect(await emailCount()).toBe(before);
      emailIdOf((await client.send(['a@example.net'], message)).text);
      client.close();
    });

    it('refuses another domain than that of the key', async () => {
      const key = await newKey({ permission: 'sending_access', domain: 'bound.example' });
      const client = await SmtpClient.loggedIn(stack.smtp, key.token);
      expect(shown(await client.send(['a@example.net'], message))).toMatch(/^550 5\.7\.1 .*bound\.example/);
      const bound = message.replace('hello@example.com', 'Hello <hello@BOUND.example>');
      emailIdOf((await client.send(['a@example.net'], bound)).text);
      client.close();
    });

    it('refuses mail of a project that no role was proven for, and says what to do', async () => {
      const { body: project } = await call<{ id: string }>(
        stack.api,
        stack.organization.key,
        'POST',
        '/v1/projects',
        { name: 'New' },
      );
      const { body: key } = await call<{ token: string }>(
        stack.api,
        stack.organization.key,
        'POST',
        `/v1/projects/${project.id}/api-keys`,
        { name: 'k' },
      );
      const client = await SmtpClient.loggedIn(stack.smtp, key.token);
      expect(shown(await client.send(['a@example.net'], message))).toMatch(
        /^550 5\.7\.1 .*not connected to Amazon SES yet.*Create a connection/,
      );
      client.close();
    });

    it('shows an email to its own project only', async () => {
      const stranger = await Customer.create(stack, '777788889999', 'stranger.example');
      const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
      const id = emailIdOf((await client.send(['a@example.net'], message)).text);
      client.close();
      expect((await stranger.api('GET', `/emails/${id}`)).status).toBe(404);
      expect((await customer.api('GET', `/emails/${id}`)).body).toMatchObject({ text: 'Hello', html: null });
    });
  });

  describe('at its limits', () => {
    it('refuses what is too large, announced or not, and goes on', async () => {
      const { port } = await stack.addSmtp({ SMTP_MAX_MESSAGE_MB: '1' });
      const client = await SmtpClient.loggedIn(port, customer.key);
      expect(shown(await client.command('MAIL FROM:<hello@example.com> SIZE=2000000'))).toMatch(
        /^552 5\.3\.4 /,
      );
      const large = message + `${'x'.repeat(900)}\r\n`.repeat(1_300);
      expect(shown(await client.send(['a@example.net'], large))).toMatch(/^552 5\.3\.4 /);
      emailIdOf((await client.send(['a@example.net'], message)).text);
      client.close();
    });

    it('says 452 when it holds as much mail as it may', async () => {
      const { port } = await stack.addSmtp({ SMTP_BYTES_IN_FLIGHT: '100000' });
      const client = await SmtpClient.loggedIn(port, customer.key);
      const large = message + `${'x'.repeat(900)}\r\n`.repeat(200);
      expect(shown(await client.send(['a@example.net'], large))).toMatch(/^452 4\.3\.1 /);
      emailIdOf((await client.send(['a@example.net'], message)).text);
      client.close();
    });

    it('counts mails as requests of the project', async () => {
      const { port } = await stack.addSmtp({ SESAME_RATE_LIMIT: '1' });
      const client = await SmtpClient.loggedIn(port, customer.key);
      await until('too many', async () => {
        const answer = await client.command('MAIL FROM:<hello@example.com>');
        await client.command('RSET');
        return answer.code === 451 && /^4\.7\.1 Too many requests/.test(answer.text);
      });
      client.close();
    });

    it('has room for so many connections, from all and from one address', async () => {
      const one = await stack.addSmtp({ SMTP_MAX_CONNECTIONS_PER_IP: '2' });
      const all = await stack.addSmtp({ SMTP_MAX_CONNECTIONS: '2' });
      for (const [port, text] of [
        [one.port, /^421 4\.7\.0 Too many connections from your address/],
        [all.port, /^421 .*Too many connected clients/],
      ] as const) {
        const open = [await SmtpClient.open(port), await SmtpClient.open(port)];
        const third = await SmtpClient.open(port);
        expect(shown(third.greeting)).toMatch(text);
        expect(await third.client.replyOrEnd()).toBeUndefined();
        for (const { client } of open) client.close();
        await until('room again', async () => {
          const { client, greeting } = await SmtpClient.open(port);
          client.close();
          return greeting.code === 220;
        });
      }
    });

    it('waits neither for a login nor for a message for ever', async () => {
      const { port } = await stack.addSmtp({ SMTP_LOGIN_SECONDS: '1', SMTP_DATA_SECONDS: '1' });
      const { client: silent } = await SmtpClient.open(port);
      expect(shown(await silent.reply())).toMatch(/^421 4\.4\.2 /);
      const client = await SmtpClient.loggedIn(port, customer.key);
      await client.begin(['a@example.net']);
      const trickle = setInterval(() => client.write('x'), 50);
      expect(shown(await client.reply())).toMatch(/^421 4\.4\.2 /);
      clearInterval(trickle);
      expect(await client.replyOrEnd()).toBeUndefined();
    });
  });

  describe('on other ports', () => {
    it('speaks TLS from the first byte', async () => {
      const tlsPort = await freePort();
      await stack.addSmtp({ SMTP_IMPLICIT_TLS_PORT: String(tlsPort) });
      const { client, greeting } = await SmtpClient.open(tlsPort, { tls: true });
      expect(greeting.code).toBe(220);
      const { lines } = await client.command('EHLO client.example');
      expect(lines).toContain('AUTH LOGIN PLAIN');
      expect(lines).not.toContain('STARTTLS');
      await client.authPlain('resend', customer.key);
      emailIdOf((await client.send(['a@example.net'], message)).text);
      client.close();
    });

    it('believes a proxy that terminates TLS, and the address it tells', async () => {
      const { port, server } = await stack.addSmtp({
        NODE_ENV: 'production',
        SMTP_TLS: 'off',
        SMTP_TRUSTED_PROXIES: '127.0.0.1',
      });
      const opening = SmtpClient.open(port, { first: 'PROXY TCP4 192.0.2.7 10.0.0.1 5000 465\r\n' });
      const { client } = await opening;
      const { lines } = await client.command('EHLO client.example');
      expect(lines).toContain('AUTH LOGIN PLAIN');
      expect(lines).not.toContain('STARTTLS');
      expect((await client.authPlain('resend', 'se_wrong')).code).toBe(535);
      expect((await client.authPlain('resend', customer.key)).code).toBe(235);
      emailIdOf((await client.send(['a@example.net'], message)).text);
      client.close();
      expect(server.lines.join('\n')).toContain('"remoteAddress":"192.0.2.7"');
    });

    it('does not start in production without a certificate', async () => {
      await expect(stack.addSmtp({ NODE_ENV: 'production' })).rejects.toThrow(
        /Production needs a certificate/,
      );
    });

    it('says which port is taken', async () => {
      await expect(stack.addSmtp({ SMTP_PORT: String(stack.smtp) })).rejects.toThrow(/SMTP_PORT is in use/);
    });
  });
});
