import { z } from 'zod';

/** The unguessable part of an intake URL. */
export const tokenSchema = z.string();

/** SNS says text/plain of its JSON, unless the subscription's delivery policy says otherwise. */
export const snsBodySchema = z.union([z.string(), z.looseObject({})]);

export const eventBridgeBodySchema = z.looseObject({});

export const takenSchema = z
  .object({
    object: z.literal('feedback'),
    taken: z.enum(['stored', 'known', 'confirming', 'unsubscribed', 'ignored']),
  })
  .meta({ id: 'TakenFeedback' });
