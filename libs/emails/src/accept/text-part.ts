import { htmlToText } from './html-to-text.js';

/** Longer than any mail client shows (Gmail cuts at 102 KB). Such a mail goes without a text part. */
const MAX_HTML = 1024 * 1024;

/** What was made of the latest body: those of a batch are often all the same. */
let latest: { html: string; text: string } | undefined;

/**
 * The plain text that goes with an HTML body for which the caller gave none.
 *
 * @returns undefined when the body has no text, or is too long to make one of it
 */
export function textPartOf(html: string): string | undefined {
  if (html.length > MAX_HTML) return undefined;
  if (latest?.html !== html) latest = { html, text: htmlToText(html) };
  return latest.text === '' ? undefined : latest.text;
}
