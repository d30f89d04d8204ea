import { z } from 'zod';

export const name = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must be at most 100 characters')
  // eslint-disable-next-line no-control-regex -- names end up in logs, headers and CloudTrail
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'must not contain control characters');

export const projectSchema = z
  .object({
    object: z.literal('project'),
    id: z.uuid(),
    name: z.string(),
    delivery: z.enum(['at_least_once', 'at_most_once']),
    weight: z.int(),
    /** Days that the content of finished mail is kept; null: as long as the emails. */
    content_retention_days: z.int().nullable(),
    created_at: z.string(),
  })
  .meta({ id: 'Project' });
export const projectListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(projectSchema) })
  .meta({ id: 'ProjectList' });
export const createProjectSchema = z.strictObject({ name }).meta({ id: 'CreateProjectRequest' });
export const updateProjectSchema = z
  .strictObject({
    name: name.optional(),
    delivery: z.enum(['at_least_once', 'at_most_once']).optional(),
    /** Turns of this project's lanes in a worker's rotation. */
    weight: z
      .int('must be a whole number')
      .min(1, 'must be at least 1')
      .max(10, 'must be at most 10')
      .optional(),
    /**
     * Days after which the content (bodies, attachments, headers) of mail that is sent, suppressed or canceled is
     * deleted, for good. What happened to the mail stays. null: kept as long as the emails.
     */
    content_retention_days: z
      .int('must be a whole number, or null')
      .min(1, 'must be at least 1')
      .max(3650, 'must be at most 3650')
      .nullish(),
  })
  .meta({ id: 'UpdateProjectRequest' });
export const deletedSchema = z
  .object({ object: z.string(), id: z.uuid(), deleted: z.literal(true) })
  .meta({ id: 'Deleted' });

const domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/, 'must be a domain name');

export const createApiKeySchema = z
  .strictObject({
    name: name.max(50, 'must be at most 50 characters'),
    permission: z.enum(['full_access', 'sending_access']).default('full_access'),
    domain: domain.nullish(),
  })
  .meta({ id: 'CreateApiKeyRequest' });

const apiKey = {
  object: z.literal('api_key'),
  id: z.uuid(),
  name: z.string(),
  permission: z.enum(['full_access', 'sending_access']),
  domain: z.string().nullable(),
  created_at: z.string(),
  last_used_at: z.string().nullable(),
};
export const createdApiKeySchema = z.object({ ...apiKey, token: z.string() }).meta({ id: 'CreatedApiKey' });
export const apiKeyListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(apiKey)) })
  .meta({ id: 'ApiKeyList' });
