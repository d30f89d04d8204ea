import { z } from 'zod';
import { permissions } from '#libs/accounts';
import { pageSchema } from '../http/page.js';
import { name as anyName } from '../projects/project.schemas.js';

const id = z.uuid();
const object = z.literal('api_key');
const name = anyName.max(50, 'must be at most 50 characters');

export const createKeySchema = z
  .object({
    name,
    // A text: what is no permission has an error name of its own.
    permission: z
      .string('must be a text')
      .nullish()
      .meta({ enum: [...permissions] }),
    /** Binds the key to sending from this domain. */
    domain_id: z.uuid('must be the id of a domain').nullish(),
  })
  .meta({ id: 'CreateKeyRequest' });
export const updateKeySchema = z.object({ name }).meta({ id: 'UpdateKeyRequest' });

/** Without a limit everything, which is at most a hundred. */
export const keyPageSchema = pageSchema.extend({ limit: pageSchema.shape.limit.unwrap().default(100) });

export const createdKeySchema = z.object({ object, id, token: z.string() }).meta({ id: 'CreatedKey' });
export const updatedKeySchema = z.object({ object, id }).meta({ id: 'UpdatedKey' });
export const removedKeySchema = z.object({ object, id, deleted: z.literal(true) }).meta({ id: 'RemovedKey' });
export const keyListSchema = z
  .object({
    object: z.literal('list'),
    has_more: z.boolean(),
    data: z.array(
      z.object({ id, name: z.string(), created_at: z.string(), last_used_at: z.string().nullable() }),
    ),
  })
  .meta({ id: 'KeyList' });
