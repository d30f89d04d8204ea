/** What Resend's Node SDK sent before version 4, and attachments even after it. */
const fields = [
  ['replyTo', 'reply_to'],
  ['scheduledAt', 'scheduled_at'],
  ['topicId', 'topic_id'],
] as const;
const attachmentFields = [
  ['contentType', 'content_type'],
  ['contentId', 'content_id'],
] as const;

/**
 * Gives the camelCase fields of old SDKs their names; the right name wins. The body is changed, not copied: an
 * ordinary one has nothing to change.
 */
export function renameOldFields(body: unknown): void {
  if (typeof body !== 'object' || body === null) return;
  const email = body as Record<string, unknown>;
  rename(email, fields);
  const { attachments } = email;
  if (!Array.isArray(attachments)) return;
  for (const item of attachments as unknown[])
    if (typeof item === 'object' && item !== null) rename(item as Record<string, unknown>, attachmentFields);
}

function rename(object: Record<string, unknown>, names: readonly (readonly [string, string])[]): void {
  for (const [old, name] of names) if (old in object) object[name] ??= object[old];
}
