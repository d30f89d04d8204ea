import * as ses from '@aws-sdk/client-sesv2';
import { nobody, type AwsCall, type AwsClients } from './aws-call.js';

const to = { ToAddresses: ['success@simulator.amazonses.com'] };
const from = 'hello@example.com';
const text = { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } };
const template = { Subject: 's', Text: 't' };
const mime = Buffer.from(`From: ${from}\r\nTo: ${to.ToAddresses[0]}\r\nSubject: s\r\n\r\nt\r\n`);
const destination: ses.EventDestinationDefinition = {
  Enabled: true,
  MatchingEventTypes: ['SEND'],
  EventBridgeDestination: { EventBusArn: 'arn:aws:events:eu-west-1:444455556666:event-bus/default' },
};
const trustingPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { AWS: '999988887777' }, Action: 'ses:SendEmail', Resource: '*' },
  ],
});

// Everything that a call needs to be there has the call's own name, so that no call depends on another.
const domainOf = (name: string) => `${name}.example.net`;
const newIdentity = ({ ses: client }: AwsClients, name: string) =>
  client.send(new ses.CreateEmailIdentityCommand({ EmailIdentity: domainOf(name) }));
const newSet = ({ ses: client }: AwsClients, name: string) =>
  client.send(new ses.CreateConfigurationSetCommand({ ConfigurationSetName: name }));
const newTemplate = ({ ses: client }: AwsClients, name: string) =>
  client.send(new ses.CreateEmailTemplateCommand({ TemplateName: name, TemplateContent: template }));
const newSuppressed = ({ ses: client }: AwsClients, name: string) =>
  client.send(
    new ses.PutSuppressedDestinationCommand({ EmailAddress: `${name}@example.net`, Reason: 'BOUNCE' }),
  );
const newPolicy = async (all: AwsClients, name: string) => {
  await newIdentity(all, name);
  await all.ses.send(
    new ses.CreateEmailIdentityPolicyCommand({
      EmailIdentity: domainOf(name),
      PolicyName: 'p',
      Policy: trustingPolicy,
    }),
  );
};
const newDestination = async (all: AwsClients, name: string) => {
  await newSet(all, name);
  await all.ses.send(
    new ses.CreateConfigurationSetEventDestinationCommand({
      ConfigurationSetName: name,
      EventDestinationName: 'd',
      EventDestination: destination,
    }),
  );
};

const sending = ['send'] as const;
const configuring = ['configure'] as const;
const reading = ['analytics', 'configure'] as const;

const ofSes = (
  call: string,
  allowedBy: AwsCall['allowedBy'],
  run: (client: ses.SESv2Client, name: string) => Promise<unknown>,
  prepare?: AwsCall['prepare'],
): AwsCall => ({
  call: `ses ${call}`,
  allowedBy,
  run: (mine, name) => run(mine.ses, name),
  ...(prepare !== undefined && { prepare }),
});

const sends: AwsCall[] = [
  ofSes('SendEmail (simple)', sending, (client) =>
    client.send(
      new ses.SendEmailCommand({ FromEmailAddress: from, Destination: to, Content: { Simple: text } }),
    ),
  ),
  ofSes(
    'SendEmail (simple, configuration set)',
    sending,
    (client, name) =>
      client.send(
        new ses.SendEmailCommand({
          FromEmailAddress: from,
          Destination: to,
          Content: { Simple: text },
          ConfigurationSetName: name,
        }),
      ),
    newSet,
  ),
  ofSes('SendEmail (raw)', sending, (client) =>
    client.send(
      new ses.SendEmailCommand({
        FromEmailAddress: from,
        Destination: to,
        Content: { Raw: { Data: mime } },
      }),
    ),
  ),
  // Sesame renders templates itself: stored ones of SES are out of reach of `send`.
  ofSes(
    'SendEmail (stored template)',
    nobody,
    (client, name) =>
      client.send(
        new ses.SendEmailCommand({
          FromEmailAddress: from,
          Destination: to,
          Content: { Template: { TemplateName: name, TemplateData: '{}' } },
        }),
      ),
    newTemplate,
  ),
  ofSes(
    'SendBulkEmail',
    nobody,
    (client, name) =>
      client.send(
        new ses.SendBulkEmailCommand({
          FromEmailAddress: from,
          DefaultContent: { Template: { TemplateName: name, TemplateData: '{}' } },
          BulkEmailEntries: [{ Destination: to }],
        }),
      ),
    newTemplate,
  ),
  {
    call: 'ses SendEmail in another region',
    allowedBy: nobody,
    run: (mine) =>
      mine.sesElsewhere.send(
        new ses.SendEmailCommand({ FromEmailAddress: from, Destination: to, Content: { Simple: text } }),
      ),
  },
];

const identities: AwsCall[] = [
  ofSes('CreateEmailIdentity', configuring, (client, name) =>
    client.send(new ses.CreateEmailIdentityCommand({ EmailIdentity: domainOf(name) })),
  ),
  ofSes('CreateEmailIdentity with tags', configuring, (client, name) =>
    client.send(
      new ses.CreateEmailIdentityCommand({
        EmailIdentity: domainOf(name),
        Tags: [{ Key: 'k', Value: 'v' }],
      }),
    ),
  ),
  {
    call: 'ses CreateEmailIdentity in another region',
    allowedBy: nobody,
    run: (mine, name) =>
      mine.sesElsewhere.send(new ses.CreateEmailIdentityCommand({ EmailIdentity: domainOf(name) })),
  },
  ...(
    [
      ['GetEmailIdentity', (e) => new ses.GetEmailIdentityCommand(e)],
      ['DeleteEmailIdentity', (e) => new ses.DeleteEmailIdentityCommand(e)],
      [
        'PutEmailIdentityDkimAttributes',
        (e) => new ses.PutEmailIdentityDkimAttributesCommand({ ...e, SigningEnabled: true }),
      ],
      [
        'PutEmailIdentityDkimSigningAttributes',
        (e) =>
          new ses.PutEmailIdentityDkimSigningAttributesCommand({
            ...e,
            SigningAttributesOrigin: 'AWS_SES',
          }),
      ],
      [
        'PutEmailIdentityMailFromAttributes',
        (e) =>
          new ses.PutEmailIdentityMailFromAttributesCommand({
            ...e,
            MailFromDomain: `mail.${e.EmailIdentity}`,
          }),
      ],
      [
        'PutEmailIdentityFeedbackAttributes',
        (e) => new ses.PutEmailIdentityFeedbackAttributesCommand({ ...e, EmailForwardingEnabled: true }),
      ],
      [
        'PutEmailIdentityConfigurationSetAttributes',
        (e) => new ses.PutEmailIdentityConfigurationSetAttributesCommand(e),
      ],
    ] satisfies [string, (e: { EmailIdentity: string }) => unknown][]
  ).map(([name, command]) =>
    ofSes(
      name,
      configuring,
      (client, n) => client.send(command({ EmailIdentity: domainOf(n) }) as ses.GetEmailIdentityCommand),
      newIdentity,
    ),
  ),
  ofSes(
    'CreateEmailIdentityPolicy',
    nobody,
    (client, name) =>
      client.send(
        new ses.CreateEmailIdentityPolicyCommand({
          EmailIdentity: domainOf(name),
          PolicyName: 'p',
          Policy: trustingPolicy,
        }),
      ),
    newIdentity,
  ),
  ofSes(
    'UpdateEmailIdentityPolicy',
    nobody,
    (client, name) =>
      client.send(
        new ses.UpdateEmailIdentityPolicyCommand({
          EmailIdentity: domainOf(name),
          PolicyName: 'p',
          Policy: trustingPolicy,
        }),
      ),
    newPolicy,
  ),
  ofSes(
    'DeleteEmailIdentityPolicy',
    nobody,
    (client, name) =>
      client.send(
        new ses.DeleteEmailIdentityPolicyCommand({ EmailIdentity: domainOf(name), PolicyName: 'p' }),
      ),
    newPolicy,
  ),
  ofSes(
    'GetEmailIdentityPolicies',
    nobody,
    (client, name) => client.send(new ses.GetEmailIdentityPoliciesCommand({ EmailIdentity: domainOf(name) })),
    newPolicy,
  ),
  ofSes('ListEmailIdentities', configuring, (client) => client.send(new ses.ListEmailIdentitiesCommand({}))),
];

type SetInput = { ConfigurationSetName: string };
const setCall = (
  name: string,
  command: (input: SetInput) => unknown,
  prepare: NonNullable<AwsCall['prepare']> = newSet,
): AwsCall =>
  ofSes(
    name,
    configuring,
    (client, n) => client.send(command({ ConfigurationSetName: n }) as ses.GetConfigurationSetCommand),
    prepare,
  );

const configurationSets: AwsCall[] = [
  ofSes('CreateConfigurationSet', configuring, (client, name) =>
    client.send(new ses.CreateConfigurationSetCommand({ ConfigurationSetName: name })),
  ),
  setCall('GetConfigurationSet', (s) => new ses.GetConfigurationSetCommand(s)),
  setCall('DeleteConfigurationSet', (s) => new ses.DeleteConfigurationSetCommand(s)),
  setCall(
    'PutConfigurationSetSendingOptions',
    (s) => new ses.PutConfigurationSetSendingOptionsCommand({ ...s, SendingEnabled: true }),
  ),
  setCall(
    'PutConfigurationSetSuppressionOptions',
    (s) => new ses.PutConfigurationSetSuppressionOptionsCommand({ ...s, SuppressedReasons: ['BOUNCE'] }),
  ),
  setCall(
    'PutConfigurationSetTrackingOptions',
    (s) => new ses.PutConfigurationSetTrackingOptionsCommand({ ...s, CustomRedirectDomain: 'example.com' }),
  ),
  setCall(
    'PutConfigurationSetDeliveryOptions',
    (s) => new ses.PutConfigurationSetDeliveryOptionsCommand({ ...s, TlsPolicy: 'REQUIRE' }),
  ),
  setCall(
    'PutConfigurationSetReputationOptions',
    (s) => new ses.PutConfigurationSetReputationOptionsCommand({ ...s, ReputationMetricsEnabled: true }),
  ),
  setCall(
    'CreateConfigurationSetEventDestination',
    (s) =>
      new ses.CreateConfigurationSetEventDestinationCommand({
        ...s,
        EventDestinationName: 'd',
        EventDestination: destination,
      }),
  ),
  setCall(
    'UpdateConfigurationSetEventDestination',
    (s) =>
      new ses.UpdateConfigurationSetEventDestinationCommand({
        ...s,
        EventDestinationName: 'd',
        EventDestination: destination,
      }),
    newDestination,
  ),
  setCall(
    'GetConfigurationSetEventDestinations',
    (s) => new ses.GetConfigurationSetEventDestinationsCommand(s),
    newDestination,
  ),
  setCall(
    'DeleteConfigurationSetEventDestination',
    (s) => new ses.DeleteConfigurationSetEventDestinationCommand({ ...s, EventDestinationName: 'd' }),
    newDestination,
  ),
  ofSes('ListConfigurationSets', configuring, (client) =>
    client.send(new ses.ListConfigurationSetsCommand({})),
  ),
];

const templates: AwsCall[] = [
  ofSes('CreateEmailTemplate', configuring, (client, TemplateName) =>
    client.send(new ses.CreateEmailTemplateCommand({ TemplateName, TemplateContent: template })),
  ),
  ofSes(
    'GetEmailTemplate',
    configuring,
    (client, TemplateName) => client.send(new ses.GetEmailTemplateCommand({ TemplateName })),
    newTemplate,
  ),
  ofSes(
    'UpdateEmailTemplate',
    configuring,
    (client, TemplateName) =>
      client.send(new ses.UpdateEmailTemplateCommand({ TemplateName, TemplateContent: template })),
    newTemplate,
  ),
  ofSes(
    'TestRenderEmailTemplate',
    configuring,
    (client, TemplateName) =>
      client.send(new ses.TestRenderEmailTemplateCommand({ TemplateName, TemplateData: '{}' })),
    newTemplate,
  ),
  ofSes(
    'DeleteEmailTemplate',
    configuring,
    (client, TemplateName) => client.send(new ses.DeleteEmailTemplateCommand({ TemplateName })),
    newTemplate,
  ),
  ofSes('ListEmailTemplates', configuring, (client) => client.send(new ses.ListEmailTemplatesCommand({}))),
];

const account: AwsCall[] = [
  ofSes('GetAccount', ['send', 'analytics'], (client) => client.send(new ses.GetAccountCommand({}))),
  ofSes('PutAccountSuppressionAttributes', nobody, (client) =>
    client.send(new ses.PutAccountSuppressionAttributesCommand({ SuppressedReasons: ['BOUNCE'] })),
  ),
  ofSes('PutAccountSendingAttributes', nobody, (client) =>
    client.send(new ses.PutAccountSendingAttributesCommand({ SendingEnabled: true })),
  ),
  ofSes('PutAccountVdmAttributes', nobody, (client) =>
    client.send(new ses.PutAccountVdmAttributesCommand({ VdmAttributes: { VdmEnabled: 'DISABLED' } })),
  ),
  ofSes('PutSuppressedDestination', configuring, (client, name) =>
    client.send(
      new ses.PutSuppressedDestinationCommand({ EmailAddress: `${name}@example.net`, Reason: 'BOUNCE' }),
    ),
  ),
  ofSes(
    'GetSuppressedDestination',
    reading,
    (client, name) =>
      client.send(new ses.GetSuppressedDestinationCommand({ EmailAddress: `${name}@example.net` })),
    newSuppressed,
  ),
  ofSes(
    'DeleteSuppressedDestination',
    configuring,
    (client, name) =>
      client.send(new ses.DeleteSuppressedDestinationCommand({ EmailAddress: `${name}@example.net` })),
    newSuppressed,
  ),
  ofSes('ListSuppressedDestinations', reading, (client) =>
    client.send(new ses.ListSuppressedDestinationsCommand({})),
  ),
];

/** Every call of SES that the sandbox knows and that tells two purposes apart. */
export const sesCalls: readonly AwsCall[] = [
  ...sends,
  ...identities,
  ...configurationSets,
  ...templates,
  ...account,
];
