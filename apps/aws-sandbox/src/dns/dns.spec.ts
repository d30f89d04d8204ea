import { Resolver } from 'node:dns/promises';
import * as sdk from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, Harness, REGION } from '../testing/harness.js';

const DOMAIN = 'new.example.org';

describe('the DNS of the sandbox', () => {
  let h: Harness;
  let dns: Resolver;
  let ses: sdk.SESv2Client;

  beforeAll(async () => {
    h = await Harness.start();
    dns = new Resolver({ timeout: 2_000, tries: 2 });
    dns.setServers([`127.0.0.1:${h.sandbox.dnsPort}`]);
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    await h.adminOk('POST', '/reset');
    await h.seedCustomer();
    ses = await h.customerSes();
  });

  const publish = (name: string, type: string, ...values: string[]) =>
    h.adminOk('PUT', `/dns/${name}/${type}`, { values });
  const show = () => ses.send(new sdk.GetEmailIdentityCommand({ EmailIdentity: DOMAIN }));

  it('answers what was published, by any resolver, and says what is missing', async () => {
    await publish('send.example.org', 'MX', '10 feedback-smtp.eu-west-1.amazonses.com');
    await publish('Send.Example.org', 'txt', 'v=spf1 include:amazonses.com ~all', 'second');
    await publish('k._domainkey.example.org', 'CNAME', 'k.dkim.amazonses.com');
    await publish('web.example.org', 'A', '192.0.2.7');
    await publish('alias.example.org', 'CNAME', 'web.example.org');
    expect(await dns.resolveMx('send.example.org')).toEqual([
      { priority: 10, exchange: 'feedback-smtp.eu-west-1.amazonses.com' },
    ]);
    expect(await dns.resolveTxt('SEND.example.org')).toEqual([
      ['v=spf1 include:amazonses.com ~all'],
      ['second'],
    ]);
    expect(await dns.resolveCname('k._domainkey.example.org')).toEqual(['k.dkim.amazonses.com']);
    expect(await dns.resolve4('alias.example.org')).toEqual(['192.0.2.7']);
    await expect(dns.resolveTxt('nowhere.example.org')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(dns.resolveTxt('web.example.org')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(dns.resolve6('web.example.org')).rejects.toMatchObject({ code: 'ENODATA' });
  });

  it('answers by TCP what is too long for UDP', async () => {
    const long = ['a', 'b', 'c'].map((letter) => letter.repeat(1_000));
    await publish('long.example.org', 'TXT', ...long);
    const found = await dns.resolveTxt('long.example.org');
    expect(found.map((parts) => parts.join(''))).toEqual(long);
  });

  it('forgets what is deleted, and refuses what no zone could hold', async () => {
    await publish('web.example.org', 'A', '192.0.2.7');
    await h.adminOk('DELETE', '/dns/web.example.org/A');
    await expect(dns.resolve4('web.example.org')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    expect((await h.admin('DELETE', '/dns/web.example.org/A')).status).toBe(404);
    for (const [path, values] of [
      ['/dns/not%20a%20name/A', ['192.0.2.7']],
      ['/dns/web.example.org/SRV', ['x']],
      ['/dns/web.example.org/MX', ['mail.example.org']],
      ['/dns/web.example.org/CNAME', ['a.example.org', 'b.example.org']],
    ] as const) {
      expect((await h.admin('PUT', path, { values })).status).toBe(400);
    }
  });

  it('is what SES verifies a domain by: three CNAMEs for DKIM, one MX for MAIL FROM', async () => {
    const created = await ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: DOMAIN }));
    await ses.send(
      new sdk.PutEmailIdentityMailFromAttributesCommand({
        EmailIdentity: DOMAIN,
        MailFromDomain: `send.${DOMAIN}`,
      }),
    );
    const tokens = created.DkimAttributes?.Tokens ?? [];
    expect(created.DkimAttributes?.SigningHostedZone).toBe('dkim.amazonses.com');
    for (const token of tokens.slice(1))
      await publish(`${token}._domainkey.${DOMAIN}`, 'CNAME', `${token}.dkim.amazonses.com`);
    expect(await show()).toMatchObject({
      VerifiedForSendingStatus: false,
      DkimAttributes: { Status: 'PENDING' },
      MailFromAttributes: { MailFromDomainStatus: 'PENDING' },
    });
    await publish(`${tokens[0]}._domainkey.${DOMAIN}`, 'CNAME', `${tokens[0]}.dkim.amazonses.com.`);
    expect(await show()).toMatchObject({
      VerifiedForSendingStatus: true,
      VerificationStatus: 'SUCCESS',
      DkimAttributes: { Status: 'SUCCESS' },
      MailFromAttributes: { MailFromDomainStatus: 'PENDING' },
    });
    await publish(`send.${DOMAIN}`, 'MX', `10 feedback-smtp.${REGION}.amazonses.com`, '20 mail.example.org');
    expect((await show()).MailFromAttributes?.MailFromDomainStatus).toBe('PENDING');
    await publish(`send.${DOMAIN}`, 'MX', `10 feedback-smtp.${REGION}.amazonses.com`);
    expect((await show()).MailFromAttributes?.MailFromDomainStatus).toBe('SUCCESS');
  });

  it('is looked at for three days; asking for Easy DKIM again begins anew', async () => {
    await h.adminOk('PATCH', '/settings', { signature_window_seconds: 864_000 });
    await ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: DOMAIN }));
    await h.adminOk('POST', '/clock', { advance_seconds: 73 * 3_600 });
    ses = await h.customerSes();
    expect(await show()).toMatchObject({
      VerificationStatus: 'FAILED',
      DkimAttributes: { Status: 'FAILED' },
    });
    await ses.send(
      new sdk.PutEmailIdentityDkimSigningAttributesCommand({
        EmailIdentity: DOMAIN,
        SigningAttributesOrigin: 'AWS_SES',
      }),
    );
    expect((await show()).VerificationStatus).toBe('PENDING');
  });

  it('does not overrule what the admin API said', async () => {
    await ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: DOMAIN }));
    const path = `/accounts/${CUSTOMER}/regions/${REGION}/identities/${DOMAIN}`;
    await h.adminOk('PUT', path, { verified: true });
    expect((await show()).VerifiedForSendingStatus).toBe(true);
    await h.adminOk('PUT', path, { verified: false });
    expect((await show()).VerifiedForSendingStatus).toBe(false);
  });
});
