import { createHash } from 'node:crypto';
import { withoutFields, type Head } from './header-fields.js';

/** What a client writes anew each time it builds the same mail. */
const volatileFields = new Set(['date', 'message-id', 'received', 'dkim-signature']);

/**
 * The same for two submissions of one mail: recipients and bytes, apart from what a mail program makes up on each attempt. Without that, a retry of nodemailer would never equal its first try.
 */
export function rawFingerprint(recipients: readonly string[], message: Buffer, head: Head): Buffer {
  const stable = withoutFields(
    message,
    head.fields.filter(({ name }) => volatileFields.has(name)),
  );
  // Latin-1: each byte one character, and back.
  let text = stable.toString('latin1');
  for (const boundary of boundariesOf(text)) text = text.replaceAll(boundary, '');
  return createHash('sha256')
    .update(JSON.stringify([...recipients].sort()))
    .update(text, 'latin1')
    .digest();
}

/** Longest first: one may be the beginning of another. */
function boundariesOf(text: string): string[] {
  const found = [...text.matchAll(/\bboundary=(?:"([^"\r\n]{8,70})"|([^\s;"]{8,70}))/gi)];
  const boundaries = new Set(found.map(([, quoted, bare]) => quoted ?? bare ?? ''));
  return [...boundaries].slice(0, 100).sort((a, b) => b.length - a.length);
}
