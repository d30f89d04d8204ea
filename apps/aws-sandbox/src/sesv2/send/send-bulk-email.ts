import { AwsError } from '../../aws-error.js';
import type { EmailTemplate } from '../../state/ses-region.js';
import { badRequest, DAILY_QUOTA_EXCEEDED } from '../errors.js';
import { operation, type SesCall } from '../operation.js';
import { acceptMessage } from './accept.js';
import { parseAddress, tooLong, type Address } from './address.js';
import {
  checkHeaders,
  checkSize,
  parseTemplateData,
  renderContent,
  templateContentOf,
  templateSource,
} from './content.js';
import { readEmailTags } from './email-tags.js';
import { checkRecipients, readEnvelope, recipientsOf } from './envelope.js';
import { checkMailFrom, checkNotPaused, checkVerified, resolveConfigurationSet, takeQuota } from './gates.js';
import { decideOutcomes } from './outcomes.js';
import { authorizeSending, findSender, type Sender } from './prepare.js';
import { RenderingFailure } from './render-template.js';
import { sendBulkEmailInput, type SendBulkEmailInput } from './send-input.js';

type Entry = SendBulkEmailInput['BulkEmailEntries'][number];

interface EntryResult {
  readonly Status: string;
  readonly Error?: string | null;
  readonly MessageId?: string;
}

const MAX_ENTRIES = 50;

const STATUS_OF: Readonly<Record<string, string>> = {
  MessageRejected: 'MESSAGE_REJECTED',
  MailFromDomainNotVerifiedException: 'MAIL_FROM_DOMAIN_NOT_VERIFIED',
  NotFoundException: 'CONFIGURATION_SET_NOT_FOUND',
  BadRequestException: 'INVALID_PARAMETER',
  SendingPausedException: 'ACCOUNT_SENDING_PAUSED',
  AccountSuspendedException: 'ACCOUNT_SUSPENDED',
};

const statusOf = (error: AwsError): string => {
  if (error.code === 'TooManyRequestsException') {
    return error.text === DAILY_QUOTA_EXCEEDED ? 'ACCOUNT_DAILY_QUOTA_EXCEEDED' : 'ACCOUNT_THROTTLED';
  }
  if (error.text?.startsWith('Sending is paused for configuration set') === true)
    return 'CONFIGURATION_SET_SENDING_PAUSED';
  return STATUS_OF[error.code] ?? 'FAILED';
};

/** A bad From fails the call, in words of its own: no space before the bracket. */
const requireBulkFrom = (written: string | undefined): Address => {
  if (written === undefined || written === '') throw badRequest('Source cannot be empty');
  const parsed = parseAddress(written);
  if (typeof parsed === 'string' || tooLong(written) !== null)
    throw badRequest(`Invalid email address<${written}>.`);
  return parsed;
};

/** Replacement wins by name: tags with their case, headers without it. */
const merge = <T extends { readonly Name: string }>(
  defaults: readonly T[] | undefined,
  replacement: readonly T[] | undefined,
  fold: (name: string) => string,
): T[] => {
  const merged = new Map<string, T>();
  for (const item of [...(defaults ?? []), ...(replacement ?? [])]) merged.set(fold(item.Name), item);
  return [...merged.values()];
};

interface BulkSend {
  readonly call: SesCall;
  readonly input: SendBulkEmailInput;
  readonly sender: Sender;
  readonly template: EmailTemplate['content'];
  readonly templateName: string;
  readonly defaultData: Record<string, unknown>;
}

const sendEntry = (
  { call, input, sender, template, templateName, defaultData }: BulkSend,
  entry: Entry,
): EntryResult => {
  const { ses, now } = call;
  const envelope = readEnvelope(
    input.FromEmailAddress ?? '',
    entry.Destination,
    input.ReplyToAddresses,
    input.FeedbackForwardingEmailAddress,
  );
  checkRecipients(envelope);
  const recipients = recipientsOf(envelope);
  const tags = readEmailTags(merge(input.DefaultEmailTags, entry.ReplacementTags, (name) => name));
  const headers = merge(input.DefaultContent.Template?.Headers, entry.ReplacementHeaders, (name) =>
    name.toLowerCase(),
  );
  const set = resolveConfigurationSet(ses, input.ConfigurationSetName, sender.identity);
  const data = {
    ...defaultData,
    ...parseTemplateData(entry.ReplacementEmailContent?.ReplacementTemplate?.ReplacementTemplateData),
  };
  const rendered = renderContent(template, data);
  checkVerified(ses, envelope);
  checkMailFrom(sender.identity);
  checkNotPaused(ses, set);
  takeQuota(ses, recipients, now);
  const failed = rendered instanceof RenderingFailure;
  const content = {
    Content: { Template: { Headers: headers, Attachments: input.DefaultContent.Template?.Attachments } },
  };
  const messageId = acceptMessage(call, {
    action: 'SendBulkEmail',
    kind: 'Template',
    envelope,
    sender,
    tags,
    configurationSet: set?.name ?? null,
    outcomes: failed
      ? [{ type: 'RenderingFailure', templateName, errorMessage: rendered.message }]
      : decideOutcomes(ses, set, recipients),
    content: Buffer.from(JSON.stringify(content)),
    rendered: failed ? { subject: '', text: rendered.message, html: null } : rendered,
  });
  return { Status: 'SUCCESS', MessageId: messageId };
};

const trySend = (bulk: BulkSend, entry: Entry): EntryResult => {
  try {
    return sendEntry(bulk, entry);
  } catch (error) {
    if (error instanceof AwsError) return { Status: statusOf(error), Error: error.text };
    throw error;
  }
};

/** Answers 200 with one result per entry, even when every entry failed. */
const sendBulkEmail = (
  call: SesCall,
  input: SendBulkEmailInput,
): { BulkEmailEntryResults: EntryResult[] } => {
  const entries = input.BulkEmailEntries;
  Object.assign(call.parameters, {
    FromEmailAddress: input.FromEmailAddress,
    entries: entries.length,
    ConfigurationSetName: input.ConfigurationSetName,
  });
  if (input.DefaultContent.Template === undefined) throw badRequest('Content must contain Template.');
  checkHeaders(input.DefaultContent.Template);
  const source = templateSource(input.DefaultContent.Template);
  const from = requireBulkFrom(input.FromEmailAddress);
  const templateName = source.kind === 'stored' ? source.name : undefined;
  const sender = findSender(call, from, input.FromEmailAddressIdentityArn);
  authorizeSending(call, {
    action: 'ses:SendBulkEmail',
    sender,
    envelope: null,
    configurationSetName: input.ConfigurationSetName,
    templateName,
    hasTrackingOverrides: input.ConfigurationOverrides?.Tracking !== undefined,
  });
  if (entries.length === 0) throw badRequest('At least one bulk email entry must be specified.');
  if (entries.length > MAX_ENTRIES) throw badRequest(`Number of bulk email entries exceeds ${MAX_ENTRIES}.`);
  checkSize(call.request.body.length);
  const bulk: BulkSend = {
    call,
    input,
    sender,
    template: templateContentOf(call.ses, source),
    templateName: templateName ?? '',
    defaultData: parseTemplateData(input.DefaultContent.Template.TemplateData),
  };
  return { BulkEmailEntryResults: entries.map((entry) => trySend(bulk, entry)) };
};

export const sendBulkEmailOperation = operation({
  name: 'SendBulkEmail',
  routes: ['POST /v2/email/outbound-bulk-emails'],
  isSend: true,
  input: sendBulkEmailInput,
  run: sendBulkEmail,
});
