import { z } from 'zod';

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const text = z.string().nullish();
const addressed = z.looseObject({ emailAddress: z.string(), status: text, diagnosticCode: text });

/**
 * The event record of SES, the same in SNS, SQS and EventBridge (SES developer guide, "Contents of event data"). Only what is used is
 * asked for, everything else may be there or not; a classic identity notification says `notificationType`.
 */
export const sesRecordSchema = z.looseObject({
  eventType: text,
  notificationType: text,
  mail: z.looseObject({
    timestamp: time,
    messageId: z.string().min(1).max(200),
    destination: z.array(z.string()).default([]),
    tags: z.record(z.string(), z.array(z.string())).nullish(),
  }),
  bounce: z
    .looseObject({
      bounceType: z.string(),
      bounceSubType: z.string().default('Undetermined'),
      bouncedRecipients: z.array(addressed),
      timestamp: time,
      feedbackId: text,
    })
    .optional(),
  complaint: z
    .looseObject({
      complainedRecipients: z.array(addressed),
      timestamp: time,
      feedbackId: text,
      complaintSubType: text,
      complaintFeedbackType: text,
      userAgent: text,
    })
    .optional(),
  delivery: z
    .looseObject({
      timestamp: time,
      recipients: z.array(z.string()),
      smtpResponse: text,
      processingTimeMillis: z.number().nullish(),
      reportingMTA: text,
    })
    .optional(),
  deliveryDelay: z
    .looseObject({
      timestamp: time,
      delayType: text,
      delayedRecipients: z.array(addressed),
      expirationTime: text,
    })
    .optional(),
  reject: z.looseObject({ reason: text }).optional(),
  failure: z.looseObject({ templateName: text, errorMessage: text }).optional(),
  open: z.looseObject({ timestamp: time, ipAddress: text, userAgent: text }).optional(),
  click: z
    .looseObject({
      timestamp: time,
      ipAddress: text,
      userAgent: text,
      link: z.string().default(''),
      linkTags: z.unknown(),
    })
    .optional(),
});

export type SesRecord = z.infer<typeof sesRecordSchema>;
