import { z } from 'zod';
import { syncModes } from '#libs/suppression-sync';

const modes = ['off', ...syncModes] as const;
const time = z.string();

export const suppressionSyncSchema = z
  .object({
    object: z.literal('suppression_sync'),
    connection_id: z.uuid(),
    mode: z.enum(modes),
    /** Addresses taken over from the account's list. */
    imported: z.int(),
    /** Addresses put on the account's list, deleted from it, and refused by SES. */
    put: z.int(),
    deleted: z.int(),
    refused: z.int(),
    /** Changes that the account's list has not been told yet. */
    pending: z.int(),
    /** For what the account suppresses at all; entries of another reason have no effect in SES. */
    suppressed_reasons: z.array(z.enum(['BOUNCE', 'COMPLAINT'])).nullable(),
    problem: z.object({ code: z.string(), detail: z.string(), remedy: z.string().nullable() }).nullable(),
    synced_at: time.nullable(),
    next_sync_at: time.nullable(),
  })
  .meta({ id: 'SuppressionSync' });

export const setSuppressionSyncSchema = z
  .strictObject({ mode: z.enum(modes, 'must be off, import or both') })
  .meta({ id: 'SetSuppressionSyncRequest' });
