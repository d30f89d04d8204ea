import { z } from 'zod';

/** The tag of a mail that proves a way; its value is the proof's id. */
export const proofTag = 'sesame_proof';

const proofRecord = z.object({
  eventType: z.string(),
  mail: z.object({ tags: z.object({ [proofTag]: z.tuple([z.uuid()]) }) }),
});

/** @returns the proof that a record of SES belongs to, undefined for all others */
export function proofOf(body: string): { proofId: string; isDelivery: boolean } | undefined {
  // Cheap for everything else: one look for a word.
  if (!body.includes(`"${proofTag}"`)) return undefined;
  const parsed = proofRecord.safeParse(parse(body));
  if (!parsed.success) return undefined;
  const [proofId] = parsed.data.mail.tags[proofTag];
  return { proofId, isDelivery: parsed.data.eventType === 'Delivery' };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
