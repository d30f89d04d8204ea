import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { call, Customer } from '../support/customer.js';
import { startStack, type Stack } from '../support/stack.js';
import { PLATFORM_SECRET_ACCESS_KEY } from '../../apps/aws-sandbox/src/platform.js';

/**
 * Secrets that are planted, and then looked for in every log line, every row and every answer: the sealing key, API
 * keys, the platform's AWS secret, session credentials, and words of a mail's body, subject and recipients (in logs).
 */
describe('secrets', () => {
  let stack: Stack;
  let customer: Customer;
  let database: pg.Client;
  const sealingKey = randomBytes(32).toString('base64');
  const answers: string[] = [];
  const planted = {
    body: 'planted-body-5f1c',
    subject: 'planted-subject-9a2e',
    recipient: 'planted-recipient-77b0@example.net',
  };

  beforeAll(async () => {
    stack = await startStack({
      env: { SESAME_KEYS: `planted:${sealingKey}`, LOG_LEVEL: 'trace', SESAME_VERIFY_WINDOW_SECONDS: '1' },
    });
    customer = await Customer.create(stack);
    database = new pg.Client({ connectionString: stack.databaseUrl });
    await database.connect();
    const connection = await customer.connect();
    await customer.untilEmail(
      await customer.send({ html: planted.body, subject: planted.subject, to: planted.recipient }),
      'sent',
    );
    // Every way of failing: refused, throttled, lost, expired; bad requests; a role that is gone.
    for (const kind of [
      'expired_token',
      'throttle',
      'error_500',
      'lost_response',
      'access_denied',
      'connection_reset',
    ]) {
      await customer.admin('PUT', '/faults', [{ service: 'ses', action: 'SendEmail', kind, count: 1 }]);
      await customer.send({ html: planted.body, subject: planted.subject, to: planted.recipient });
    }
    await customer.untilEmail(
      await customer.send({ from: 'x@unverified.example', html: planted.body }),
      'failed',
    );
    for (const [path, body] of [
      ['/emails', { to: planted.recipient }],
      ['/emails', '{"html":"planted-body-5f1c"'],
      ['/nothing', {}],
    ] as const) {
      answers.push(JSON.stringify((await customer.api('POST', path, body)).body));
    }
    answers.push(JSON.stringify(await customer.connection(connection.id)));
    answers.push(
      JSON.stringify((await customer.api('GET', `/v1/connections/${connection.id}/sessions`)).body),
    );
    answers.push(JSON.stringify((await call(stack.api, 're_planted-wrong-key', 'GET', '/emails')).body));
    await customer.admin('DELETE', `/accounts/${customer.account}/roles/Sender`);
    await customer.api('POST', `/v1/connections/${connection.id}/verify`);
    await customer.untilStatus(connection.id, 'broken');
    answers.push(await (await fetch(`${stack.api}/metrics`)).text());
  }, 180_000);
  afterAll(async () => {
    await database?.end();
    await stack?.close();
  });

  const sessionSecrets = async (): Promise<string[]> => {
    const sessions = [...stack.sandbox.state.sessions.values()] as unknown as {
      accessKeyId: string;
      secretAccessKey: string;
      sessionToken: string;
    }[];
    expect(sessions.length).toBeGreaterThan(0);
    return sessions.flatMap(({ secretAccessKey, sessionToken }) => [secretAccessKey, sessionToken]);
  };

  const everyRow = async (): Promise<string> => {
    const { rows: tables } = await database.query<{ name: string }>(
      `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts = await Promise.all(
      tables.map(async ({ name }) => JSON.stringify((await database.query(`SELECT * FROM ${name}`)).rows)),
    );
    return texts.join('\n');
  };

  it('are in no log line', async () => {
    const logs = stack.processes.flatMap(({ lines }) => lines).join('\n');
    expect(logs.length).toBeGreaterThan(500);
    const secrets = [
      sealingKey,
      customer.key,
      stack.organization.key,
      PLATFORM_SECRET_ACCESS_KEY,
      ...(await sessionSecrets()),
      ...Object.values(planted),
    ];
    expect(secrets.filter((secret) => logs.includes(secret))).toEqual([]);
  });

  it('are in no row', async () => {
    const rows = await everyRow();
    expect(rows).toContain('sealed_credentials');
    const secrets = [
      sealingKey,
      customer.key,
      stack.organization.key,
      PLATFORM_SECRET_ACCESS_KEY,
      ...(await sessionSecrets()),
    ];
    expect(secrets.filter((secret) => rows.includes(secret))).toEqual([]);
  });

  it('are in no answer', async () => {
    const text = answers.join('\n');
    const secrets = [
      sealingKey,
      customer.key,
      stack.organization.key,
      PLATFORM_SECRET_ACCESS_KEY,
      're_planted-wrong-key',
      ...(await sessionSecrets()),
    ];
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
  });
});
