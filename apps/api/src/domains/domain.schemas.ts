import { z } from 'zod';
import { domainStatuses } from '#libs/domains';
import { pageSchema } from '../http/page.js';

const capability = z.enum(['enabled', 'disabled']);
const capabilities = z.object({ sending: capability.nullish(), receiving: capability.nullish() }).nullish();

/** One label, which goes before the domain's name. */
const trackingSubdomain = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
    'must be one label of letters, digits and dashes, like `links`',
  )
  .nullish();

const settings = {
  capabilities,
  open_tracking: z.boolean('must be true or false').nullish(),
  click_tracking: z.boolean('must be true or false').nullish(),
  tls: z.enum(['opportunistic', 'enforced'], 'must be opportunistic or enforced').nullish(),
  tracking_subdomain: trackingSubdomain,
};

/** Resend's fields, and `connection_id` of ours. Unknown fields are ignored. */
export const createDomainSchema = z
  .object({
    name: z.string('must be a domain name').max(1000, 'must be at most 253 characters'),
    region: z.string('must be a region of AWS').max(40, 'must be a region of AWS').nullish(),
    custom_return_path: z.string('must be one label').max(100, 'must be at most 63 characters').nullish(),
    connection_id: z.uuid('must be the id of a connection').nullish(),
    ...settings,
  })
  .meta({ id: 'CreateDomainRequest' });

export const updateDomainSchema = z.object(settings).meta({ id: 'UpdateDomainRequest' });

/** Without `limit`: everything, of which one answer holds a hundred. */
export const domainPageSchema = pageSchema.extend({
  limit: pageSchema.shape.limit.removeDefault().default(100),
});

const record = z
  .object({
    record: z.enum(['SPF', 'DKIM', 'DMARC']),
    name: z.string(),
    type: z.enum(['CNAME', 'MX', 'TXT']),
    ttl: z.string(),
    value: z.string(),
    priority: z.int().optional(),
    status: z.enum(['not_started', 'pending', 'verified', 'failed', 'temporary_failure']),
    fqdn: z.string(),
    recommended: z.boolean(),
    observed: z.array(z.string()).nullable(),
    hint: z.string().nullable(),
  })
  .meta({ id: 'DomainRecord' });

const item = {
  id: z.uuid(),
  name: z.string(),
  status: z.enum(domainStatuses),
  created_at: z.string(),
  region: z.string(),
  capabilities: z.object({ sending: capability, receiving: capability }),
  open_tracking: z.boolean(),
  click_tracking: z.boolean(),
  tracking_subdomain: z.string().optional(),
  tls: z.enum(['opportunistic', 'enforced']),
  custom_return_path: z.string(),
  connection_id: z.uuid(),
  identity: z.enum(['created', 'adopted']).nullable(),
  problem: z
    .object({
      kind: z.enum(['denied', 'refused', 'waiting', 'gone']),
      code: z.string(),
      message: z.string(),
      remedy: z.string().nullable(),
    })
    .nullable(),
  verified_at: z.string().nullable(),
  last_checked_at: z.string().nullable(),
};

/** Resend answers a new domain without `object`. */
export const createdDomainSchema = z
  .object({ ...item, records: z.array(record) })
  .meta({ id: 'CreatedDomain' });
export const domainSchema = z
  .object({ object: z.literal('domain'), ...item, records: z.array(record) })
  .meta({ id: 'Domain' });
export const domainListSchema = z
  .object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(z.object(item)) })
  .meta({ id: 'DomainList' });
export const domainIdSchema = z
  .object({ object: z.literal('domain'), id: z.uuid() })
  .meta({ id: 'DomainId' });
