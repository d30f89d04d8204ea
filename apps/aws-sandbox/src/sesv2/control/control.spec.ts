import * as sdk from '@aws-sdk/client-sesv2';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CUSTOMER, failure, Harness, REGION, statement } from '../../testing/harness.js';
import { signedFetch } from '../../testing/signed-fetch.js';

const ARN = `arn:aws:ses:${REGION}:${CUSTOMER}`;

describe('the SES control plane', () => {
  let h: Harness;
  let ses: sdk.SESv2Client;
  beforeAll(async () => {
    h = await Harness.start();
  });
  afterAll(() => h.close());
  beforeEach(async () => {
    await h.adminOk('POST', '/reset');
    await h.seedCustomer();
    ses = await h.customerSes();
  });

  it('shows the account, and a fresh region as AWS starts it', async () => {
    expect(await ses.send(new sdk.GetAccountCommand({}))).toMatchObject({
      ProductionAccessEnabled: true,
      SendingEnabled: true,
      EnforcementStatus: 'HEALTHY',
      SendQuota: { Max24HourSend: 50_000, MaxSendRate: 1000, SentLast24Hours: 0 },
      SuppressionAttributes: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    const fresh = await h.ses(await h.assume(), 'us-east-1').send(new sdk.GetAccountCommand({}));
    expect(fresh).toMatchObject({
      ProductionAccessEnabled: false,
      SendQuota: { Max24HourSend: 200, MaxSendRate: 1 },
    });
    await ses.send(new sdk.PutAccountSuppressionAttributesCommand({ SuppressedReasons: [] }));
    await ses.send(new sdk.PutAccountSendingAttributesCommand({ SendingEnabled: false }));
    expect(await ses.send(new sdk.GetAccountCommand({}))).toMatchObject({
      SendingEnabled: false,
      SuppressionAttributes: { SuppressedReasons: [] },
    });
  });

  it('creates, shows, verifies, lists and deletes identities', async () => {
    const created = await ses.send(
      new sdk.CreateEmailIdentityCommand({
        EmailIdentity: 'new.example.org',
        Tags: [{ Key: 'k', Value: 'v' }],
      }),
    );
    expect(created).toMatchObject({
      IdentityType: 'DOMAIN',
      VerifiedForSendingStatus: false,
      DkimAttributes: { Status: 'PENDING' },
    });
    expect(created.DkimAttributes?.Tokens).toHaveLength(3);
    expect(
      await failure(ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: 'new.example.org' }))),
    ).toBe('AlreadyExistsException|400|Email identity new.example.org already exist.');
    await ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: 'news@new.example.org' }));
    await h.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${REGION}/identities/new.example.org`, {
      verified: true,
    });
    const shown = await ses.send(new sdk.GetEmailIdentityCommand({ EmailIdentity: 'new.example.org' }));
    expect(shown).toMatchObject({
      VerifiedForSendingStatus: true,
      VerificationStatus: 'SUCCESS',
      Tags: [{ Key: 'k', Value: 'v' }],
    });
    expect(shown.DkimAttributes?.LastKeyGenerationTimestamp).toBeInstanceOf(Date);
    const list = await ses.send(new sdk.ListEmailIdentitiesCommand({}));
    expect(list.EmailIdentities?.map((identity) => [identity.IdentityName, identity.SendingEnabled])).toEqual(
      [
        ['example.com', true],
        ['new.example.org', true],
        ['news@new.example.org', false],
      ],
    );
    await ses.send(new sdk.DeleteEmailIdentityCommand({ EmailIdentity: 'news@new.example.org' }));
    expect(
      await failure(ses.send(new sdk.GetEmailIdentityCommand({ EmailIdentity: 'news@new.example.org' }))),
    ).toBe('NotFoundException|404|Email identity news@new.example.org does not exist.');
  });

  it('lists over both the new and the old route, page by page', async () => {
    for (const n of [1, 2, 3])
      await ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: `d${n}.example.org` }));
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page: sdk.ListEmailIdentitiesCommandOutput = await ses.send(
        new sdk.ListEmailIdentitiesCommand({ PageSize: 2, NextToken }),
      );
      names.push(...(page.EmailIdentities ?? []).map((identity) => identity.IdentityName));
      ({ NextToken } = page);
    } while (NextToken !== undefined);
    expect(names).toEqual(['d1.example.org', 'd2.example.org', 'd3.example.org', 'example.com']);
    const old = await signedFetch(h.url, 'GET', '/v2/email/identities', await h.assume(), '');
    expect(((await old.json()) as { EmailIdentities: unknown[] }).EmailIdentities).toHaveLength(4);
    expect(await failure(ses.send(new sdk.ListEmailIdentitiesCommand({ NextToken: 'made-up' })))).toBe(
      'InvalidNextTokenException|400|The specified next token is invalid.',
    );
  });

  it('keeps identity attributes and policies', async () => {
    const EmailIdentity = 'example.com';
    await ses.send(new sdk.PutEmailIdentityDkimAttributesCommand({ EmailIdentity, SigningEnabled: false }));
    await ses.send(
      new sdk.PutEmailIdentityFeedbackAttributesCommand({ EmailIdentity, EmailForwardingEnabled: false }),
    );
    await ses.send(
      new sdk.PutEmailIdentityMailFromAttributesCommand({
        EmailIdentity,
        MailFromDomain: 'bounce.example.com',
        BehaviorOnMxFailure: 'REJECT_MESSAGE',
      }),
    );
    await ses.send(
      new sdk.PutEmailIdentityDkimSigningAttributesCommand({
        EmailIdentity,
        SigningAttributesOrigin: 'EXTERNAL',
        SigningAttributes: { DomainSigningSelector: 'sel', DomainSigningPrivateKey: 'x' },
      }),
    );
    await ses.send(
      new sdk.CreateEmailIdentityPolicyCommand({ EmailIdentity, PolicyName: 'p', Policy: '{}' }),
    );
    expect(await ses.send(new sdk.GetEmailIdentityCommand({ EmailIdentity }))).toMatchObject({
      FeedbackForwardingStatus: false,
      DkimAttributes: { SigningEnabled: false, SigningAttributesOrigin: 'EXTERNAL', Tokens: ['sel'] },
      MailFromAttributes: {
        MailFromDomain: 'bounce.example.com',
        MailFromDomainStatus: 'SUCCESS',
        BehaviorOnMxFailure: 'REJECT_MESSAGE',
      },
      Policies: { p: '{}' },
    });
    expect(
      await failure(
        ses.send(
          new sdk.PutEmailIdentityDkimAttributesCommand({ EmailIdentity: 'gone.com', SigningEnabled: true }),
        ),
      ),
    ).toBe('BadRequestException|400|Domain gone.com is not verified for DKIM signing.');
    await h.adminOk('PUT', `/accounts/${CUSTOMER}/regions/${REGION}/identities/example.com`, {
      verified: true,
      mail_from_status: 'FAILED',
    });
    const Content = { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } };
    expect(
      await failure(
        ses.send(
          new sdk.SendEmailCommand({
            FromEmailAddress: 'a@example.com',
            Destination: { ToAddresses: ['b@example.net'] },
            Content,
          }),
        ),
      ),
    ).toMatch(/^MailFromDomainNotVerifiedException\|400/);
  });

  it('keeps configuration sets, their options and event destinations', async () => {
    const ConfigurationSetName = 'main';
    await ses.send(
      new sdk.CreateConfigurationSetCommand({
        ConfigurationSetName,
        DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      }),
    );
    expect(await failure(ses.send(new sdk.CreateConfigurationSetCommand({ ConfigurationSetName })))).toBe(
      'AlreadyExistsException|400|Configuration set <main> already exists.',
    );
    await ses.send(
      new sdk.PutConfigurationSetReputationOptionsCommand({
        ConfigurationSetName,
        ReputationMetricsEnabled: true,
      }),
    );
    await ses.send(
      new sdk.PutConfigurationSetSuppressionOptionsCommand({
        ConfigurationSetName,
        SuppressedReasons: ['COMPLAINT'],
      }),
    );
    await ses.send(
      new sdk.PutConfigurationSetSendingOptionsCommand({ ConfigurationSetName, SendingEnabled: false }),
    );
    await ses.send(
      new sdk.PutConfigurationSetTrackingOptionsCommand({
        ConfigurationSetName,
        CustomRedirectDomain: 'click.example.com',
      }),
    );
    expect(await ses.send(new sdk.GetConfigurationSetCommand({ ConfigurationSetName }))).toMatchObject({
      DeliveryOptions: { TlsPolicy: 'REQUIRE' },
      ReputationOptions: { ReputationMetricsEnabled: true },
      SuppressionOptions: { SuppressedReasons: ['COMPLAINT'] },
      SendingOptions: { SendingEnabled: false },
      TrackingOptions: { CustomRedirectDomain: 'click.example.com' },
    });
    const EventDestination = {
      MatchingEventTypes: ['BOUNCE' as const],
      EventBridgeDestination: {
        EventBusArn: `arn:aws:events:${REGION}:${CUSTOMER}:event-bus/default`,
      },
    };
    await ses.send(
      new sdk.CreateConfigurationSetEventDestinationCommand({
        ConfigurationSetName,
        EventDestinationName: 'd',
        EventDestination,
      }),
    );
    const read = async () =>
      (await ses.send(new sdk.GetConfigurationSetEventDestinationsCommand({ ConfigurationSetName })))
        .EventDestinations;
    expect(await read()).toEqual([{ Name: 'd', Enabled: false, ...EventDestination }]);
    await ses.send(
      new sdk.UpdateConfigurationSetEventDestinationCommand({
        ConfigurationSetName,
        EventDestinationName: 'd',
        EventDestination: { ...EventDestination, Enabled: true },
      }),
    );
    expect(await read()).toMatchObject([{ Enabled: true }]);
    await ses.send(
      new sdk.DeleteConfigurationSetEventDestinationCommand({
        ConfigurationSetName,
        EventDestinationName: 'd',
      }),
    );
    expect(await read()).toEqual([]);
    expect((await ses.send(new sdk.ListConfigurationSetsCommand({}))).ConfigurationSets).toEqual(['main']);
  });

  it('an identity’s default configuration set is authorised and, once deleted, breaks its sends', async () => {
    await ses.send(new sdk.CreateConfigurationSetCommand({ ConfigurationSetName: 'main' }));
    await ses.send(
      new sdk.PutEmailIdentityConfigurationSetAttributesCommand({
        EmailIdentity: 'example.com',
        ConfigurationSetName: 'main',
      }),
    );
    const Content = { Simple: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } } };
    const send = () =>
      ses.send(
        new sdk.SendEmailCommand({
          FromEmailAddress: 'a@example.com',
          Destination: { ToAddresses: ['b@example.net'] },
          Content,
        }),
      );
    expect(await failure(send())).toBe('no failure');
    await ses.send(
      new sdk.PutConfigurationSetSendingOptionsCommand({
        ConfigurationSetName: 'main',
        SendingEnabled: false,
      }),
    );
    expect(await failure(send())).toBe(
      'SendingPausedException|400|Sending is paused for configuration set main',
    );
    await ses.send(new sdk.DeleteConfigurationSetCommand({ ConfigurationSetName: 'main' }));
    expect(await failure(send())).toBe('BadRequestException|400|Configuration set <main> does not exist.');
    await h.putRole({ policies: { a: statement('ses:SendEmail', `${ARN}:identity/*`) } });
    expect(await failure(send())).toContain(`on resource \`${ARN}:configuration-set/main'`);
  });

  it('keeps and renders templates', async () => {
    const TemplateName = 'welcome';
    await ses.send(
      new sdk.CreateEmailTemplateCommand({
        TemplateName,
        TemplateContent: { Subject: 'Hi {{name}}', Html: '<p>{{name}}</p>' },
      }),
    );
    expect(
      await failure(
        ses.send(new sdk.CreateEmailTemplateCommand({ TemplateName, TemplateContent: { Subject: 'x' } })),
      ),
    ).toBe('AlreadyExistsException|400|Template welcome already exists.');
    const render = (TemplateData: string) =>
      ses.send(new sdk.TestRenderEmailTemplateCommand({ TemplateName, TemplateData }));
    expect((await render('{"name":"<Ann>"}')).RenderedTemplate).toMatch(
      /Subject: Hi <Ann>[^]*<p>&lt;Ann&gt;<\/p>/,
    );
    expect(await failure(render('{}'))).toBe(
      "BadRequestException|400|Attribute 'name' is not present in the rendering data.",
    );
    await ses.send(new sdk.UpdateEmailTemplateCommand({ TemplateName, TemplateContent: { Subject: 'Bye' } }));
    expect((await ses.send(new sdk.GetEmailTemplateCommand({ TemplateName }))).TemplateContent).toEqual({
      Subject: 'Bye',
    });
    expect((await ses.send(new sdk.ListEmailTemplatesCommand({}))).TemplatesMetadata).toMatchObject([
      { TemplateName, CreatedTimestamp: expect.any(Date) },
    ]);
    await ses.send(new sdk.DeleteEmailTemplateCommand({ TemplateName }));
    expect(await failure(ses.send(new sdk.GetEmailTemplateCommand({ TemplateName })))).toBe(
      'NotFoundException|404|Template welcome does not exist',
    );
  });

  it('tags resources, and needs ses:TagResource for a create with tags', async () => {
    const ResourceArn = `${ARN}:identity/example.com`;
    await ses.send(
      new sdk.TagResourceCommand({
        ResourceArn,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await ses.send(new sdk.UntagResourceCommand({ ResourceArn, TagKeys: ['a'] }));
    expect((await ses.send(new sdk.ListTagsForResourceCommand({ ResourceArn }))).Tags).toEqual([
      { Key: 'b', Value: '2' },
    ]);
    await h.putRole({ policies: { a: statement('ses:CreateEmailIdentity') } });
    expect(await failure(ses.send(new sdk.CreateEmailIdentityCommand({ EmailIdentity: 'x.org' })))).toBe(
      'no failure',
    );
    expect(
      await failure(
        ses.send(
          new sdk.CreateEmailIdentityCommand({ EmailIdentity: 'y.org', Tags: [{ Key: 'a', Value: '1' }] }),
        ),
      ),
    ).toBe(
      `AccessDeniedException|403|User: arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test is not authorized to perform: ses:TagResource on resource: ${ARN}:identity/y.org because no identity-based policy allows the ses:TagResource action`,
    );
  });

  it('refuses in the control plane’s own words', async () => {
    const who = `AccessDeniedException|403|User: arn:aws:sts::${CUSTOMER}:assumed-role/Sender/test is not authorized to perform: ses:GetAccount on resource: *`;
    const get = (client: sdk.SESv2Client) => failure(client.send(new sdk.GetAccountCommand({})));
    expect(await get(await h.customerSes({ Policy: JSON.stringify(statement('ses:SendEmail')) }))).toBe(
      `${who} because no session policy allows the ses:GetAccount action`,
    );
    await h.putRole({
      policies: { a: { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: '*', Resource: '*' } } },
    });
    expect(await get(ses)).toBe(`${who} with an explicit deny in an identity-based policy`);
  });

  it('can throttle, hide its texts or put them under Message', async () => {
    await h.adminOk('PATCH', '/settings', { control_plane_throttle: true });
    const get = () => failure(ses.send(new sdk.GetAccountCommand({})));
    expect([await get(), await get()]).toEqual(['no failure', 'TooManyRequestsException|429|Rate exceeded']);
    h.sandbox.clock.offsetSeconds += 1;
    expect(await get()).toBe('no failure');
    await h.adminOk('PATCH', '/settings', { control_plane_throttle: false, error_message_key: 'Message' });
    const missing = () => failure(ses.send(new sdk.GetEmailIdentityCommand({ EmailIdentity: 'gone.com' })));
    expect(await missing()).toBe('NotFoundException|404|Email identity gone.com does not exist.');
    await h.adminOk('PATCH', '/settings', { error_message_key: 'none' });
    expect(await missing()).toMatch(/^NotFoundException\|404\|/);
    expect(await missing()).not.toContain('gone.com');
  });

  it('validates required members before permissions, and answers unknown paths', async () => {
    await h.putRole({ policies: {} });
    const credentials = await h.assume();
    const empty = await signedFetch(h.url, 'POST', '/v2/email/identities', credentials, '{}');
    expect(await empty.json()).toEqual({
      message:
        "1 validation error detected: Value at 'emailIdentity' failed to satisfy constraint: Member must not be null",
    });
    const unknown = await signedFetch(h.url, 'GET', '/v2/email/nonsense', credentials, '');
    expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([
      404,
      'UnknownOperationException',
    ]);
  });
});
