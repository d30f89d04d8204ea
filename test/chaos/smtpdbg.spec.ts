import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { CutProxy } from '../support/cut-proxy.js';
import { Customer } from '../support/customer.js';
import { emailIdOf, onTheWire, SmtpClient } from '../support/smtp-client.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

const mail = (subject: string) =>
  `From: hello@example.com\r\nTo: a@example.net\r\nSubject: ${subject}\r\n\r\nHello\r\n`;

describe('SMTP when something dies', () => {
  let stack: Stack;
  let customer: Customer;
  let database: pg.Client;

  beforeAll(async () => {
    stack = await startStack({ smtp: true });
    customer = await Customer.create(stack);
    await customer.connect();
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
  });
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  });

  const stored = async (subject: string): Promise<string[]> => {
    const { rows } = await database.query<{ id: string }>('SELECT id FROM emails WHERE subject LIKE $1', [
      `${subject}%`,
    ]);
    return rows.map(({ id }) => id);
  };

  it('says 4xx while the database is away, stores nothing then, and takes mail when it is back', async () => {
    const { hostname, port } = new URL(stack.databaseUrl);
    const proxy = await CutProxy.to(hostname, Number(port || 5432));
    const url = new URL(stack.databaseUrl);
    url.host = `127.0.0.1:${proxy.port}`;
    const { port: smtp, server: dbg } = await stack.addSmtp({ DATABASE_URL: url.href }); dbg.child.on('exit', () => setTimeout(() => writeFileSync('/tmp/h4/lines.txt', dbg.lines.join('\n')), 100));
    const client = await SmtpClient.loggedIn(smtp, customer.key);
    await client.begin(['a@example.net']);
    proxy.cut();
    const refused = await client.end(mail('Away'));
    expect(`${refused.code} ${refused.text}`).toMatch(/^451 4\.3\.0 .*Nothing was stored: try again/);
    const stranger = (await SmtpClient.open(smtp)).client;
    await stranger.startTls();
    expect((await stranger.authPlain('resend', `${customer.key}x`)).code).toBe(454);
    stranger.close();
    expect(await stored('Away')).toEqual([]);

    proxy.mend();
    await until('taken again', async () => {
      const begun = await client.command('MAIL FROM:<hello@example.com>');
      if (begun.code !== 250) return false;
      await client.command('RCPT TO:<a@example.net>');
      await client.command('DATA');
      return (await client.end(mail('Back'))).code === 250;
    });
    const ids = await stored('Back');
    expect(ids).toHaveLength(1);
    await customer.untilEmail(ids[0] ?? '', 'sent');
    client.close();
    proxy.close();
  });

  it('has every mail that it said 250 to, when it is killed in the middle of many', async () => {
    const { server, port } = await stack.addSmtp();
    const acknowledged: string[] = [];
    const submit = async (worker: number) => {
      const client = await SmtpClient.loggedIn(port, customer.key);
      for (let index = 0; ; index++)
        acknowledged.push(
          emailIdOf((await client.send(['a@example.net'], mail(`Kill ${worker}-${index}`))).text),
        );
    };
    const submitting = Array.from({ length: 8 }, (_, worker) => submit(worker));
    for (const one of submitting) one.catch(() => undefined);
    await until('some are taken', async () => acknowledged.length >= 100);
    await server.stop('SIGKILL');
    await Promise.allSettled(submitting);

    const ids = new Set(await stored('Kill'));
    expect(acknowledged.filter((id) => !ids.has(id))).toEqual([]);
    // At most one more for each connection: stored, and killed before it could say so.
    expect(ids.size - acknowledged.length).toBeLessThanOrEqual(8);
    await Promise.all(acknowledged.map((id) => customer.untilEmail(id, 'sent')));
  });

  it('finishes on SIGTERM the mail it is receiving, tells everybody else to come again, and ends with 0', async () => {
    const { server, port } = await stack.addSmtp();
    const idle = await SmtpClient.loggedIn(port, customer.key);
    const busy = await SmtpClient.loggedIn(port, customer.key);
    await busy.begin(['a@example.net']);
    const wire = onTheWire(mail('Term'));
    busy.write(wire.subarray(0, 60));
    const ended = server.stop('SIGTERM');
    const told = await idle.reply();
    expect(`${told.code} ${told.text}`).toMatch(/^421 4\.3\.2 /);
    expect(await idle.replyOrEnd()).toBeUndefined();
    await expect(SmtpClient.open(port)).rejects.toThrow();

    busy.write(wire.subarray(60));
    const id = emailIdOf((await busy.reply()).text);
    expect((await busy.reply()).code).toBe(421);
    expect(await ended).toBe(0);
    await customer.untilEmail(id, 'sent');
  });

  it('stores nothing of a mail whose client goes away in the middle', async () => {
    const client = await SmtpClient.loggedIn(stack.smtp, customer.key);
    await client.begin(['a@example.net']);
    client.write(onTheWire(mail('Half')).subarray(0, -5));
    client.close();
    const smtp = stack.processes.find(({ name }) => name === 'smtp');
    await until('noticed', async () => smtp?.lines.some((line) => line.includes('"reply":451')));
    expect(await stored('Half')).toEqual([]);
  });
});
