import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SendBulkEmailCommand, type SendBulkEmailCommandInput } from '@aws-sdk/client-sesv2';
import { failure } from '../../testing/harness.js';
import { sendDenied, SendFixture } from '../../testing/send-fixture.js';

describe('SendBulkEmail', () => {
  let f: SendFixture;
  beforeAll(async () => {
    f = await SendFixture.start();
  });
  afterAll(() => f.close());
  beforeEach(() => f.reset());

  const bulk = (changes: Partial<SendBulkEmailCommandInput> = {}) =>
    f.ses.send(
      new SendBulkEmailCommand({
        FromEmailAddress: 'news@example.com',
        DefaultContent: {
          Template: {
            TemplateContent: { Subject: 'Hi {{name}}', Text: '{{name}} {{city}}' },
            TemplateData: '{"name":"you","city":"Rome"}',
          },
        },
        DefaultEmailTags: [{ Name: 'a', Value: '1' }],
        BulkEmailEntries: [
          {
            Destination: { ToAddresses: ['a@example.net'] },
            ReplacementEmailContent: { ReplacementTemplate: { ReplacementTemplateData: '{"name":"Ann"}' } },
            ReplacementTags: [{ Name: 'a', Value: '2' }],
          },
          { Destination: { ToAddresses: ['broken'] } },
          { Destination: { ToAddresses: ['c@example.net'] } },
        ],
        ...changes,
      }),
    );

  it('answers 200 with a result per entry', async () => {
    const { BulkEmailEntryResults: results } = await bulk();
    expect(results).toEqual([
      { Status: 'SUCCESS', MessageId: expect.stringMatching(/-000000$/) },
      { Status: 'INVALID_PARAMETER', Error: "Missing final '@domain'" },
      { Status: 'SUCCESS', MessageId: expect.stringMatching(/-000000$/) },
    ]);
    expect(await f.messages()).toMatchObject([
      { subject: 'Hi you', text: 'you Rome', tags: [{ name: 'a', value: '1' }] },
      { subject: 'Hi Ann', text: 'Ann Rome', tags: [{ name: 'a', value: '2' }] },
    ]);
  });

  it('throttles entry by entry, and fails whole for a bad From', async () => {
    await f.patchSes({ max_send_rate: 1 });
    const { BulkEmailEntryResults: results } = await bulk();
    expect(results?.map((result) => result.Status)).toEqual([
      'SUCCESS',
      'INVALID_PARAMETER',
      'ACCOUNT_THROTTLED',
    ]);
    expect(await failure(bulk({ FromEmailAddress: 'sender@' }))).toBe(
      'BadRequestException|400|Invalid email address<sender@>.',
    );
  });

  it('is not restricted by a condition on the From address', async () => {
    await f.onlyAllow(['ses:SendEmail', 'ses:SendBulkEmail'], '*', {
      StringLike: { 'ses:FromAddress': '*' },
    });
    expect(await failure(bulk())).toBe(sendDenied('SendBulkEmail', 'identity/example.com'));
    await f.onlyAllow('ses:SendBulkEmail', '*', { StringLikeIfExists: { 'ses:FromAddress': 'nobody' } });
    expect(await failure(bulk())).toBe('no failure');
  });
});
