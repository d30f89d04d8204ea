import { badRequest } from '../errors.js';
import { operation, type SesCall } from '../operation.js';
import { splitAddressList } from './address.js';
import { acceptMessage } from './accept.js';
import {
  checkSimple,
  checkSize,
  checkHeaders,
  isInfected,
  parseTemplateData,
  renderContent,
  templateContentOf,
  templateSource,
  type TemplateSource,
} from './content.js';
import { readEmailTags } from './email-tags.js';
import { checkRecipients, readEnvelope, recipientsOf, type Envelope } from './envelope.js';
import { checkMailFrom, checkNotPaused, checkVerified, resolveConfigurationSet, takeQuota } from './gates.js';
import { decideOutcomes } from './outcomes.js';
import { authorizeSending, findSender } from './prepare.js';
import { parseRawMessage, rawHeader, rawMessageTags, type RawMessage } from './raw-message.js';
import { RenderingFailure } from './render-template.js';
import { sendEmailInput, type SendEmailInput } from './send-input.js';

type Content = SendEmailInput['Content'];

/** The three kinds of content, with what has to be known about them before the mail is authorised. */
interface Prepared {
  readonly kind: 'Simple' | 'Raw' | 'Template';
  /** Raw content needs ses:SendRawEmail although the operation is SendEmail. */
  readonly action: 'ses:SendEmail' | 'ses:SendRawEmail';
  readonly envelope: Envelope;
  readonly raw: RawMessage | null;
  readonly template: TemplateSource | null;
}

const onlyKind = (content: Content): Prepared['kind'] => {
  const kinds = (['Simple', 'Raw', 'Template'] as const).filter((kind) => content[kind] !== undefined);
  const [kind] = kinds;
  if (kind === undefined || kinds.length > 1)
    throw badRequest('Content must contain exactly one of Simple, Raw or Template.');
  return kind;
};

const prepareRaw = (input: SendEmailInput, data: string): Prepared => {
  const raw = parseRawMessage(Buffer.from(data, 'base64'));
  const from = input.FromEmailAddress ?? rawHeader(raw, 'from');
  if (from === undefined) throw badRequest("Missing required header 'From'.");
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = input.Destination ?? {};
  const hasDestination = ToAddresses.length + CcAddresses.length + BccAddresses.length > 0;
  const fromHeaders = (name: string): string[] => splitAddressList(rawHeader(raw, name) ?? '');
  const destination = hasDestination
    ? input.Destination
    : { ToAddresses: fromHeaders('to'), CcAddresses: fromHeaders('cc'), BccAddresses: fromHeaders('bcc') };
  return {
    kind: 'Raw',
    action: 'ses:SendRawEmail',
    envelope: readEnvelope(from, destination, input.ReplyToAddresses, input.FeedbackForwardingEmailAddress),
    raw,
    template: null,
  };
};

const prepare = (input: SendEmailInput): Prepared => {
  const kind = onlyKind(input.Content);
  if (kind === 'Raw') return prepareRaw(input, input.Content.Raw?.Data ?? '');
  const from = input.FromEmailAddress;
  // Simple content without From answers with no text at all.
  if (from === undefined || from === '')
    throw badRequest(kind === 'Simple' ? null : 'Source cannot be empty');
  if (input.Content.Simple !== undefined) checkSimple(input.Content.Simple);
  if (input.Content.Template !== undefined) checkHeaders(input.Content.Template);
  return {
    kind,
    action: 'ses:SendEmail',
    envelope: readEnvelope(
      from,
      input.Destination,
      input.ReplyToAddresses,
      input.FeedbackForwardingEmailAddress,
    ),
    raw: null,
    template: input.Content.Template === undefined ? null : templateSource(input.Content.Template),
  };
};

const sendEmail = (call: SesCall, input: SendEmailInput): { MessageId: string } => {
  const { ses, now } = call;
  const { kind, action, envelope, raw, template } = prepare(input);
  const recipients = recipientsOf(envelope);
  const setName =
    input.ConfigurationSetName ?? (raw === null ? undefined : rawHeader(raw, 'x-ses-configuration-set'));
  Object.assign(call.parameters, {
    FromEmailAddress: envelope.from.written,
    content: kind,
    recipients: recipients.length,
    ConfigurationSetName: setName,
    EmailTags: input.EmailTags,
  });

  const sender = findSender(call, envelope.from, input.FromEmailAddressIdentityArn);
  authorizeSending(call, {
    action,
    sender,
    envelope,
    configurationSetName: setName,
    templateName: template?.kind === 'stored' ? template.name : undefined,
    hasTrackingOverrides: input.ConfigurationOverrides?.Tracking !== undefined,
  });
  checkRecipients(envelope);
  const tags = readEmailTags(input.EmailTags ?? (raw === null ? undefined : rawMessageTags(raw)));
  checkSize(raw?.bytes.length ?? call.request.body.length);
  const set = resolveConfigurationSet(ses, setName, sender.identity);
  const source = template === null ? null : templateContentOf(ses, template);
  const rendered =
    source === null ? null : renderContent(source, parseTemplateData(input.Content.Template?.TemplateData));
  checkVerified(ses, envelope);
  checkMailFrom(sender.identity);
  checkNotPaused(ses, set);
  takeQuota(ses, recipients, now);

  const templateName = template?.kind === 'stored' ? template.name : '';
  const messageId = acceptMessage(call, {
    action: 'SendEmail',
    kind,
    envelope,
    sender,
    tags,
    configurationSet: set?.name ?? null,
    outcomes:
      rendered instanceof RenderingFailure
        ? [{ type: 'RenderingFailure', templateName, errorMessage: rendered.message }]
        : isInfected(raw?.bytes ?? call.request.body)
          ? [{ type: 'Send' }, { type: 'Reject', reason: 'Bad content' }]
          : decideOutcomes(ses, set, recipients),
    content: raw?.bytes ?? call.request.body,
    rendered:
      rendered instanceof RenderingFailure ? { subject: '', text: rendered.message, html: null } : rendered,
  });
  return { MessageId: messageId };
};

export const sendEmailOperation = operation({
  name: 'SendEmail',
  routes: ['POST /v2/email/outbound-emails'],
  isSend: true,
  input: sendEmailInput,
  run: sendEmail,
});
