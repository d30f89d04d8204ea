import { z } from 'zod';
import { attachmentSchema } from './attachments.js';

const addresses = z.union([z.string(), z.array(z.string())]);

/**
 * One email as Resend's API takes it (unknown fields are ignored, an explicit null means absent). What a single field
 * cannot tell (addresses, tags, sizes) is judged by prepareEmail.
 */
export const sendEmailSchema = z
  .object({
    to: addresses,
    from: z.string().nullish(),
    html: z.string().nullish(),
    text: z.string().nullish(),
    subject: z.string().nullish(),
    /** A published template instead of html and text; its from, subject and reply_to stand in for absent ones. */
    template: z
      .object({
        id: z.string(),
        variables: z
          .record(z.string(), z.union([z.string(), z.number()], 'must be a string or a number').nullish())
          .nullish(),
      })
      .nullish(),
    cc: addresses.nullish(),
    bcc: addresses.nullish(),
    reply_to: addresses.nullish(),
    headers: z.record(z.string(), z.string()).nullish(),
    tags: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
    attachments: z.array(attachmentSchema).nullish(),
    scheduled_at: z.string().nullish(),
    topic_id: z.string().nullish(),
    /** Ours: which connection sends; by default the project's own. */
    connection_id: z.uuid().nullish(),
    /** Ours: seconds after which the mail is worthless (an OTP) and must not go out any more. */
    expires_in: z.int().min(1).max(2_592_000).nullish(),
  })
  .meta({ id: 'SendEmailRequest' });

export type SendEmailRequest = z.infer<typeof sendEmailSchema>;

export const batchSchema = z.array(sendEmailSchema).min(1).max(100);
