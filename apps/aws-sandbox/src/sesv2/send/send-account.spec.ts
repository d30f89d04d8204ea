import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PutSuppressedDestinationCommand } from '@aws-sdk/client-sesv2';
import { failure } from '../../testing/harness.js';
import { SendFixture } from '../../testing/send-fixture.js';

describe('sending and the state of the account', () => {
  let f: SendFixture;
  beforeAll(async () => {
    f = await SendFixture.start();
  });
  afterAll(() => f.close());
  beforeEach(() => f.reset());

  it('in the SES sandbox recipients must be verified or simulated', async () => {
    await f.patchSes({ production_access: false });
    expect(await failure(f.send())).toBe(
      'MessageRejected|400|Email address is not verified. The following identities failed the check in region EU-WEST-1: someone@example.net',
    );
    expect(
      await failure(
        f.send({ Destination: { ToAddresses: ['success+a@simulator.amazonses.com', 'x@example.com'] } }),
      ),
    ).toBe('no failure');
  });

  it('paused, shut down, or only the configuration set paused', async () => {
    const paused =
      'SendingPausedException|400|Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.';
    await f.patchSes({ sending_enabled: false });
    expect(await failure(f.send())).toBe(paused);
    await f.patchSes({ sending_enabled: true, enforcement_status: 'SHUTDOWN' });
    expect(await failure(f.send())).toBe(paused);
    await f.patchSes({ enforcement_status: 'PROBATION' });
    expect(await failure(f.send())).toBe('no failure');
  });

  it('charges the rate by recipient, with debt', async () => {
    await f.patchSes({ max_send_rate: 1 });
    const five = { Destination: { ToAddresses: [1, 2, 3, 4, 5].map((n) => `r${n}@example.net`) } };
    expect(await failure(f.send(five))).toBe('no failure');
    const throttled = 'TooManyRequestsException|429|Maximum sending rate exceeded.';
    expect(await failure(f.send())).toBe(throttled);
    f.h.sandbox.clock.offsetSeconds += 3.5;
    expect(await failure(f.send())).toBe(throttled);
    f.h.sandbox.clock.offsetSeconds += 1.6;
    expect(await failure(f.send())).toBe('no failure');
  });

  it('counts the daily quota by recipient over a rolling day, without simulator mail', async () => {
    await f.patchSes({ max_24_hour_send: 3 });
    const two = { Destination: { ToAddresses: ['a@example.net', 'b@example.net'] } };
    expect(await failure(f.send(two))).toBe('no failure');
    expect(await failure(f.send(two))).toBe('TooManyRequestsException|429|Daily message quota exceeded.');
    expect(await failure(f.send({ Destination: { ToAddresses: ['success@simulator.amazonses.com'] } }))).toBe(
      'no failure',
    );
    expect(await failure(f.send())).toBe('no failure');
    f.h.sandbox.clock.offsetSeconds += 24 * 3600 + 11;
    f.useClient(await f.h.customerSes());
    expect(await failure(f.send(two))).toBe('no failure');
  });

  it('accepts suppressed recipients and says what became of each', async () => {
    await f.ses.send(
      new PutSuppressedDestinationCommand({ EmailAddress: 'Blocked@example.net', Reason: 'BOUNCE' }),
    );
    await f.ses.send(
      new PutSuppressedDestinationCommand({ EmailAddress: 'angry@example.net', Reason: 'COMPLAINT' }),
    );
    const to = [
      'ok@example.net',
      'blocked@EXAMPLE.net',
      'angry@example.net',
      'bounce+1@simulator.amazonses.com',
      'complaint@simulator.amazonses.com',
      'suppressionlist@simulator.amazonses.com',
    ];
    await f.send({ Destination: { ToAddresses: to } });
    expect((await f.last()).outcomes).toEqual([
      { type: 'Send' },
      { type: 'Delivery', recipients: ['ok@example.net', 'complaint@simulator.amazonses.com'] },
      {
        type: 'Bounce',
        bounceType: 'Permanent',
        bounceSubType: 'General',
        recipients: ['bounce+1@simulator.amazonses.com'],
      },
      {
        type: 'Bounce',
        bounceType: 'Permanent',
        bounceSubType: 'Suppressed',
        recipients: ['suppressionlist@simulator.amazonses.com'],
      },
      {
        type: 'Bounce',
        bounceType: 'Permanent',
        bounceSubType: 'OnAccountSuppressionList',
        recipients: ['blocked@EXAMPLE.net'],
      },
      { type: 'Complaint', complaintSubType: null, recipients: ['complaint@simulator.amazonses.com'] },
      {
        type: 'Complaint',
        complaintSubType: 'OnAccountSuppressionList',
        recipients: ['angry@example.net'],
      },
    ]);
  });

  it('keeps regions apart', async () => {
    f.useClient(f.h.ses(await f.h.assume(), 'us-east-1'));
    expect(await failure(f.send())).toMatch(
      /^MessageRejected\|400\|.* in region US-EAST-1: Shop <news@example.com>, someone@example.net$/,
    );
  });

  it('refuses the virus test string later, not now', async () => {
    const eicar = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`;
    await f.send({ Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: eicar } } } } });
    expect((await f.last()).outcomes).toEqual([{ type: 'Send' }, { type: 'Reject', reason: 'Bad content' }]);
  });
});
