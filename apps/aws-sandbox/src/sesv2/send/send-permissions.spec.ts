import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, failure, REGION, statement } from '../../testing/harness.js';
import { rawContent, sendDenied, SendFixture, SES_ARN } from '../../testing/send-fixture.js';

describe('permission to send', () => {
  let f: SendFixture;
  beforeAll(async () => {
    f = await SendFixture.start();
  });
  afterAll(() => f.close());
  beforeEach(() => f.reset());

  it('Raw needs ses:SendRawEmail, the others ses:SendEmail', async () => {
    await f.onlyAllow('ses:SendEmail');
    expect(await failure(f.send())).toBe('no failure');
    expect(await failure(f.send(rawContent('From: news@example.com\n\nx')))).toBe(
      sendDenied('SendRawEmail', 'identity/example.com'),
    );
    await f.onlyAllow('ses:SendRawEmail');
    expect(await failure(f.send())).toBe(sendDenied('SendEmail', 'identity/example.com'));
    expect(await failure(f.send(rawContent('From: news@example.com\n\nx')))).toBe('no failure');
  });

  it('an exact address identity takes precedence over its domain', async () => {
    await f.onlyAllow('ses:SendEmail', `${SES_ARN}:identity/example.com`);
    expect(await failure(f.send())).toBe('no failure');
    await f.h.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${REGION}/identities/news@example.com`, {
      verified: true,
    });
    expect(await failure(f.send())).toBe(sendDenied('SendEmail', 'identity/news@example.com'));
  });

  it('the configuration set counts: AccessDenied before NotFound, and nothing is sent', async () => {
    await f.onlyAllow('ses:SendEmail', `${SES_ARN}:identity/*`);
    expect(await failure(f.send({ ConfigurationSetName: 'nope' }))).toBe(
      sendDenied('SendEmail', 'configuration-set/nope'),
    );
    await f.onlyAllow('ses:SendEmail');
    expect(await failure(f.send({ ConfigurationSetName: 'nope' }))).toBe(
      'NotFoundException|404|Configuration set <nope> does not exist.',
    );
    expect(await f.messages()).toEqual([]);
  });

  it.each<[string, object, boolean]>([
    ['FromAddress', { StringLike: { 'ses:FromAddress': '*@example.com' } }, true],
    ['FromAddress is case-sensitive', { StringLike: { 'ses:FromAddress': '*@EXAMPLE.com' } }, false],
    ['FromDisplayName', { StringEquals: { 'ses:FromDisplayName': 'Shop' } }, true],
    ['Recipients', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@example.net' } }, true],
    ['Recipients elsewhere', { 'ForAllValues:StringLike': { 'ses:Recipients': '*@example.org' } }, false],
    ['ApiVersion', { StringEquals: { 'ses:ApiVersion': '2' } }, true],
    ['RequestedRegion', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } }, false],
    ['SourceIp', { IpAddress: { 'aws:SourceIp': '127.0.0.0/8' } }, true],
    [
      'PrincipalArn is the role’s',
      { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${CUSTOMER}:role/Sender` } },
      true,
    ],
    ['userid', { StringLike: { 'aws:userid': 'AROA*:test' } }, true],
  ])('condition %s', async (_name, condition, isAllowed) => {
    await f.onlyAllow('ses:SendEmail', '*', condition);
    expect(await failure(f.send())).toBe(
      isAllowed ? 'no failure' : sendDenied('SendEmail', 'identity/example.com'),
    );
  });

  it('a session policy narrows the role, and editing the role reaches live sessions', async () => {
    f.useClient(await f.h.customerSes({ Policy: JSON.stringify(statement('ses:GetAccount')) }));
    expect(await failure(f.send())).toBe(sendDenied('SendEmail', 'identity/example.com'));
    f.useClient(await f.h.customerSes());
    expect(await failure(f.send())).toBe('no failure');
    await f.h.putRole({ policies: {} });
    expect(await failure(f.send())).toBe(sendDenied('SendEmail', 'identity/example.com'));
    await f.h.adminOk('DELETE', `/accounts/${CUSTOMER}/roles/Sender`);
    expect(await failure(f.send())).toBe(
      'UnrecognizedClientException|403|The security token included in the request is invalid.',
    );
  });

  it('revoking older sessions works as the console’s button does', async () => {
    const before = new Date(f.h.sandbox.clock.now() + 1000).toISOString();
    const revoke = {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Deny',
          Action: '*',
          Resource: '*',
          Condition: { DateLessThan: { 'aws:TokenIssueTime': before } },
        },
      ],
    };
    await f.h.putRole({ policies: { all: statement('ses:*'), AWSRevokeOlderSessions: revoke } });
    expect(await failure(f.send())).toBe(sendDenied('SendEmail', 'identity/example.com'));
    f.h.sandbox.clock.offsetSeconds += 2;
    f.useClient(await f.h.customerSes());
    expect(await failure(f.send())).toBe('no failure');
  });
});
