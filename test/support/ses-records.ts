/** Records of SES as configuration sets publish them (shapes of the SES developer guide), for tests. */
export interface MailFields {
  emailId?: string;
  messageId?: string;
  timestamp?: string;
  destination?: string[];
  tags?: Record<string, string[]> | null;
}

const acceptedAt = '2026-10-01T08:00:00.123Z';

export function mailOf({
  emailId,
  messageId = '0102019-abc-000000',
  timestamp = acceptedAt,
  destination = ['to@example.net'],
  tags,
}: MailFields): object {
  return {
    timestamp,
    source: 'Shop <news@example.com>',
    sourceArn: 'arn:aws:ses:eu-west-1:444455556666:identity/example.com',
    sendingAccountId: '444455556666',
    messageId,
    destination,
    headersTruncated: false,
    headers: [{ name: 'From', value: 'Shop <news@example.com>' }],
    commonHeaders: { from: ['Shop <news@example.com>'], to: destination, messageId, subject: 'Hello' },
    ...(tags !== null && {
      tags: {
        'ses:operation': ['SendEmail'],
        'ses:configuration-set': ['sesame'],
        ...(emailId !== undefined && { sesame_email_id: [emailId] }),
        ...tags,
      },
    }),
  };
}

const later = (timestamp: string, ms: number) => new Date(Date.parse(timestamp) + ms).toISOString();

export function send(mail: MailFields): object {
  return { eventType: 'Send', mail: mailOf(mail), send: {} };
}

export function delivery(
  mail: MailFields,
  recipients = mail.destination ?? ['to@example.net'],
  ms = 1_500,
): object {
  return {
    eventType: 'Delivery',
    mail: mailOf(mail),
    delivery: {
      timestamp: later(mail.timestamp ?? acceptedAt, ms),
      processingTimeMillis: ms,
      recipients,
      smtpResponse: '250 2.0.0 OK',
      reportingMTA: 'a4-1.smtp-out.eu-west-1.amazonses.com',
    },
  };
}

export function bounce(
  mail: MailFields,
  {
    type = 'Permanent',
    subType = 'General',
    recipients = mail.destination ?? ['to@example.net'],
    feedbackId = 'feedback-1',
    ms = 2_000,
  } = {},
): object {
  return {
    eventType: 'Bounce',
    mail: mailOf(mail),
    bounce: {
      bounceType: type,
      bounceSubType: subType,
      bouncedRecipients: recipients.map((emailAddress) => ({
        emailAddress,
        action: 'failed',
        status: '5.1.1',
        diagnosticCode: 'smtp; 550 5.1.1 user unknown',
      })),
      timestamp: later(mail.timestamp ?? acceptedAt, ms),
      feedbackId,
      reportingMTA: 'dns; a4-1.smtp-out.eu-west-1.amazonses.com',
    },
  };
}

export function complaint(
  mail: MailFields,
  { feedbackType = 'abuse', subType = null as string | null, ms = 60_000, feedbackId = 'complaint-1' } = {},
): object {
  return {
    eventType: 'Complaint',
    mail: mailOf(mail),
    complaint: {
      complainedRecipients: (mail.destination ?? ['to@example.net']).map((emailAddress) => ({
        emailAddress,
      })),
      timestamp: later(mail.timestamp ?? acceptedAt, ms),
      feedbackId,
      complaintSubType: subType,
      complaintFeedbackType: feedbackType,
      userAgent: 'Amazon SES Mailbox Simulator',
      arrivalDate: later(mail.timestamp ?? acceptedAt, ms),
    },
  };
}

export function delay(mail: MailFields, ms = 600_000): object {
  return {
    eventType: 'DeliveryDelay',
    mail: mailOf(mail),
    deliveryDelay: {
      timestamp: later(mail.timestamp ?? acceptedAt, ms),
      delayType: 'MailboxFull',
      delayedRecipients: (mail.destination ?? ['to@example.net']).map((emailAddress) => ({
        emailAddress,
        status: '4.2.2',
        diagnosticCode: 'smtp; 452 4.2.2 mailbox full',
      })),
      expirationTime: later(mail.timestamp ?? acceptedAt, 14 * 3600 * 1000),
    },
  };
}

export function reject(mail: MailFields): object {
  return { eventType: 'Reject', mail: mailOf(mail), reject: { reason: 'Bad content' } };
}

export function renderingFailure(mail: MailFields): object {
  return {
    eventType: 'Rendering Failure',
    mail: mailOf(mail),
    failure: { templateName: 'welcome', errorMessage: "Attribute 'x' is not present in the rendering data." },
  };
}

export function open(mail: MailFields, userAgent = 'Mozilla/5.0 (iPhone) Mail', ms = 120_000): object {
  return {
    eventType: 'Open',
    mail: mailOf(mail),
    open: { ipAddress: '192.0.2.1', timestamp: later(mail.timestamp ?? acceptedAt, ms), userAgent },
  };
}

export function click(mail: MailFields, link = 'https://example.com/a', ms = 180_000): object {
  return {
    eventType: 'Click',
    mail: mailOf(mail),
    click: {
      ipAddress: '192.0.2.1',
      timestamp: later(mail.timestamp ?? acceptedAt, ms),
      userAgent: 'Mozilla/5.0 (iPhone) Safari',
      link,
      linkTags: { campaign: ['autumn'] },
    },
  };
}
