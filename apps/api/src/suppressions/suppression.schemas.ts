import { z } from 'zod';
import { suppressionOrigins } from '#libs/suppressions';
import { pageSchema } from '../http/page.js';

const id = z.uuid();
const MAX_BATCH = 100;

const suppression = {
  id,
  email: z.string(),
  origin: z.enum(suppressionOrigins),
  source_id: id.nullable(),
  /** Only of those that came from the account-level suppression list of this connection's SES account. */
  ses_connection_id: id.optional(),
  created_at: z.string(),
};
export const suppressionSchema = z
  .object({ object: z.literal('suppression'), ...suppression })
  .meta({ id: 'Suppression' });
export const suppressionListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(suppression)) })
  .meta({ id: 'SuppressionList' });
export const suppressionPageSchema = pageSchema.extend({
  origin: z.enum(suppressionOrigins, 'must be `bounce`, `complaint` or `manual`').optional(),
});
/** A path parameter: an id or an address; which of them is found out later. */
export const suppressionKeySchema = z.string().max(400);

const added = z.object({ object: z.literal('suppression'), id });
const removed = added.extend({ deleted: z.literal(true) });
export const addedSuppressionSchema = added.meta({ id: 'SuppressionAdded' });
export const addedSuppressionsSchema = z.object({ data: z.array(added) }).meta({ id: 'SuppressionsAdded' });
export const removedSuppressionSchema = removed.meta({ id: 'SuppressionRemoved' });
export const removedSuppressionsSchema = z
  .object({ data: z.array(removed) })
  .meta({ id: 'SuppressionsRemoved' });

const email = z.string('must be a text').max(400, 'must be at most 400 characters');
const upTo = <T extends z.ZodType>(item: T, what: string) =>
  z
    .array(item, `must be a list of ${what}`)
    .min(1, 'must not be empty')
    .max(MAX_BATCH, `must have at most ${MAX_BATCH} items`);
const emails = upTo(email, 'email addresses');

export const addSuppressionSchema = z.object({ email }).meta({ id: 'AddSuppressionRequest' });
export const addSuppressionsSchema = z.object({ emails }).meta({ id: 'AddSuppressionsRequest' });
export const removeSuppressionsSchema = z
  .object({ emails: emails.nullish(), ids: upTo(z.uuid('must be a UUID'), 'ids').nullish() })
  .refine((body) => (body.emails == null) !== (body.ids == null), 'Give either `emails` or `ids`')
  .meta({ id: 'RemoveSuppressionsRequest' });

export const importSchema = z.string('must be CSV or JSON lines').meta({ id: 'SuppressionImport' });
export const importedSchema = z
  .object({
    object: z.literal('suppression_import'),
    added: z.int(),
    existing: z.int(),
    invalid: z.int(),
    problems: z.array(z.object({ line: z.int(), message: z.string() })),
  })
  .meta({ id: 'SuppressionImported' });
