import { AwsError } from '../../aws-error.js';
import type { ConfigurationSet, Identity, SesRegion } from '../../state/ses-region.js';
import {
  badRequest,
  DAILY_QUOTA_EXCEEDED,
  messageRejected,
  notFound,
  RATE_EXCEEDED,
  sendingPaused,
  tooManyRequests,
} from '../errors.js';
import { simulatorMailbox, type Address } from './address.js';
import { recipientsOf, type Envelope } from './envelope.js';
import { isVerified } from './sender-identity.js';

const PAUSED =
  'Sending paused for this account. For more information, please check the inbox of the email address associated with your AWS account.';

/** The set named by the request, else the identity's default; the two fail differently when they are gone. */
export const resolveConfigurationSet = (
  ses: SesRegion,
  named: string | undefined,
  identity: Identity | undefined,
): ConfigurationSet | undefined => {
  const name = named ?? identity?.configurationSetName ?? undefined;
  if (name === undefined) return undefined;
  const set = ses.configurationSets.get(name);
  if (set !== undefined) return set;
  const text = `Configuration set <${name}> does not exist.`;
  throw named === undefined ? badRequest(text) : notFound(text);
};

/** In the SES sandbox recipients have to be verified too; the region in the text is upper case. */
export const checkVerified = (ses: SesRegion, envelope: Envelope): void => {
  const failed = new Set<string>();
  if (!isVerified(ses, envelope.from)) failed.add(envelope.from.written);
  if (!ses.productionAccess) {
    for (const recipient of recipientsOf(envelope)) {
      if (simulatorMailbox(recipient) === null && !isVerified(ses, recipient)) failed.add(recipient.written);
    }
  }
  if (failed.size === 0) return;
  const region = ses.region.toUpperCase();
  throw messageRejected(
    `Email address is not verified. The following identities failed the check in region ${region}: ${[...failed].join(', ')}`,
  );
};

export const checkNotPaused = (ses: SesRegion, set: ConfigurationSet | undefined): void => {
  if (!ses.sendingEnabled || ses.enforcementStatus === 'SHUTDOWN') throw sendingPaused(PAUSED);
  if (set?.sendingEnabled === false)
    throw sendingPaused(`Sending is paused for configuration set ${set.name}`);
};

export const checkMailFrom = (identity: Identity | undefined): void => {
  const mailFrom = identity?.mailFrom;
  if (mailFrom?.behaviorOnMxFailure === 'REJECT_MESSAGE' && mailFrom.status !== 'SUCCESS') {
    throw new AwsError(
      'MailFromDomainNotVerifiedException',
      400,
      `Custom MAIL FROM domain ${mailFrom.domain} is not verified.`,
    );
  }
};

/** Quota and rate, both in recipients. Simulator mail is rate limited but free of the daily quota. */
export const takeQuota = (ses: SesRegion, recipients: readonly Address[], now: number): void => {
  const counted = recipients.filter((recipient) => simulatorMailbox(recipient) === null).length;
  if (counted > 0 && ses.max24HourSend >= 0 && ses.sent.total(now) + counted > ses.max24HourSend) {
    throw tooManyRequests(DAILY_QUOTA_EXCEEDED);
  }
  if (!ses.rate.take(recipients.length, ses.maxSendRate, now)) throw tooManyRequests(RATE_EXCEEDED);
  if (counted > 0) ses.sent.add(counted, now);
};
