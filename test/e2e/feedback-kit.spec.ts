import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { findAws, knowsEventBridge } from '../../apps/aws-sandbox/src/testing/find-aws.js';
import { region } from '../support/customer.js';
import { FeedbackCustomer } from '../support/feedback-customer.js';
import { paste } from '../support/paste.js';
import { Receiver } from '../support/receiver.js';
import { startStack, type Stack } from '../support/stack.js';
import { until } from '../support/until.js';

jest.setTimeout(120_000);

/**
 * Feedback for customers who grant no right to make anything: they run the script of the kit, as it is printed, with the unmodified AWS
 * CLI as an administrator of their own, and Sesame finds, proves and reads what is there.
 */
const aws = findAws();

const modes = [
  ['pull', '444455556611', ['queue', 'path_proven'], aws],
  ['sns', '444455556612', ['subscription', 'path_proven'], aws],
  ['eventbridge', '444455556613', ['path_proven'], findAws(knowsEventBridge)],
] as const;

describe('feedback made with the kit', () => {
  let stack: Stack;
  let receiver: Receiver | undefined;
  beforeAll(async () => {
    stack = await startStack({ feedback: true, workers: 1 });
  }, 60_000);
  afterAll(() => stack?.close(), 60_000);
  afterEach(async () => {
    await receiver?.stop();
    receiver = undefined;
  });

  /** In a terminal of the customer's administrator. */
  const run = async (program: string, source: FeedbackCustomer, commands: string): Promise<string> =>
    paste(commands, stack.sandbox.url, source.customer.account, {
      program,
      ...(await source.administrator('ses:*', 'sns:*', 'sqs:*', 'events:*', 'iam:PassRole')),
    });

  for (const [mode, account, steps, program] of modes)
    (program === null ? describe.skip : describe)(`in mode ${mode}`, () => {
      let source: FeedbackCustomer;
      let script: string;

      it('is made by the script, which may be run again', async () => {
        source = await FeedbackCustomer.connect(stack, account, ['send']);
        expect(await source.setUp(mode, {})).toMatchObject({ mode, managed: false, status: 'setting_up' });
        const { status, body } = await source.customer.api<{ script: string }>(
          'GET',
          `/v1/connections/${source.connectionId}/kit?purpose=events&feedback=${mode}&format=cli`,
        );
        expect(status).toBe(200);
        script = body.script;
        const arn = `arn:aws:iam::${account}:role/Sender`;
        expect(await run(program ?? '', source, script)).toContain(`Paste this ARN into Sesame:\n${arn}`);
        const made = (await source.resources()).length;
        expect(await run(program ?? '', source, script)).toContain(arn);
        expect((await source.resources()).length).toBe(made);
      });

      it('asks for one mail to know a sender, and then proves its way by itself', async () => {
        const asked = await source.untilFailed('path_proven');
        expect(asked).toMatchObject({
          side: 'customer',
          remedy: expect.stringContaining('Send one mail through this connection'),
          paste: null,
        });
        await source.customer.untilEmail(await source.customer.send(), 'sent');
        const active = await source.untilStatus('active');
        expect(active.steps.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual(
          steps.map((name) => `${name} passed`),
        );
        expect(active.dead_letter === null).toBe(mode === 'eventbridge');
      });

      it('brings what the mailbox simulator does to the status and to the webhook', async () => {
        receiver = await Receiver.start();
        const events = ['email.delivered', 'email.bounced', 'email.complained'];
        const made = await source.customer.api('POST', '/webhooks', { endpoint: receiver.url, events });
        expect(made.status).toBe(201);
        const wanted = { success: 'delivered', bounce: 'bounced', complaint: 'complained' };
        const sent = await Promise.all(
          Object.entries(wanted).map(async ([name, status]) => ({
            status,
            id: await source.customer.send({ to: [`${name}@simulator.amazonses.com`] }),
          })),
        );
        for (const { id, status } of sent) await source.customer.untilEmail(id, status);
        await until('webhooks', async () =>
          sent.every(({ id, status }) =>
            receiver?.events.some(({ type, data }) => type === `email.${status}` && data['email_id'] === id),
          ),
        );
      });

      if (mode === 'sns')
        it('takes no signature of version 1 from its topic any more; the dead-letter queue brings the events', async () => {
          const arn = `arn:aws:sns:${region}:${account}:sesame-${source.connectionId.slice(-12)}`;
          const set = (version: string) =>
            run(
              program ?? '',
              source,
              `aws sns set-topic-attributes --region ${region} --topic-arn ${arn} --attribute-name SignatureVersion --attribute-value ${version}`,
            );
          await set('1');
          const id = await source.customer.send({ to: ['bounce@simulator.amazonses.com'] });
          await source.customer.untilEmail(id, 'bounced');
          const api = stack.processes.find(({ name }) => name === 'api');
          const refused = api?.lines.filter((line) => line.includes('"sns.refused"')) ?? [];
          expect(refused.length).toBeGreaterThan(0);
          expect(refused.every((line) => line.includes('sns.signature_version'))).toBe(true);
          await set('2');
        });

      it('is left in the account when its feedback is removed', async () => {
        const before = await source.resources();
        expect(before.length).toBeGreaterThan(0);
        expect((await source.customer.api('DELETE', source.path)).status).toBe(202);
        await until(
          'feedback gone',
          async () => (await source.customer.api('GET', source.path)).status === 404,
        );
        expect(await source.resources()).toEqual(before);
      });
    });
});
