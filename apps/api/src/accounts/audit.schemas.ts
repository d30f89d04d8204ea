import { z } from 'zod';
import { pageSchema } from '../http/page.js';

export const auditPageSchema = pageSchema.extend({
  project_id: z.uuid('must be the id of a project').optional(),
  actor: z.string().max(100).optional(),
  /** An action, or the first part of one: `connection` for `connection.created` and the like. */
  action: z.string().max(100).optional(),
  target: z.string().max(200).optional(),
});

const entry = {
  object: z.literal('audit_entry'),
  id: z.uuid(),
  project_id: z.uuid().nullable(),
  /** `user:<id>`, `key:<id>` or `system`. */
  actor: z.string(),
  /** The person or key, as they are called now. */
  actor_name: z.string().nullable(),
  action: z.string(),
  target: z.string().nullable(),
  data: z.unknown(),
  at: z.string(),
};

const cloudtrail = z
  .object({
    event_name: z.string(),
    role_session_name: z.string(),
    /** Of the temporary credentials: no secret, and what every later call with them carries. */
    access_key_id: z.string().nullable(),
    region: z.string(),
    at: z.string(),
    /** For a terminal with rights in the customer's account. */
    command: z.string(),
  })
  .nullable();

export const auditListSchema = z
  .object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(
      z.object({
        ...entry,
        /** What CloudTrail of the customer's account has about it; entries of sessions only. */
        cloudtrail,
      }),
    ),
  })
  .meta({ id: 'AuditList' });

export const auditReportSchema = z
  .object({
    object: z.literal('audit_report'),
    valid: z.boolean(),
    checked: z.int(),
    /** Entries of sessions that retention took; their places in the chain are still there. */
    forgotten: z.int(),
    /** Keep it elsewhere: it proves that nothing up to it was rewritten. */
    head: z.object({ sequence: z.int(), hash: z.string() }),
    faults: z.array(
      z.object({
        fault: z.enum(['sequence', 'link', 'entry_changed', 'entry_missing', 'entry_unsealed']),
        sequence: z.int().nullable(),
        entry_id: z.string(),
      }),
    ),
  })
  .meta({ id: 'AuditReport' });
