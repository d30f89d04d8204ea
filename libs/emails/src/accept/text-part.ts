import { LRUCache } from 'lru-cache';
import { htmlToText } from './html-to-text.js';

/** Longer than any mail client shows (Gmail cuts at 102 KB). Such a mail goes without a text part. */
const MAX_HTML = 1024 * 1024;

/** What was made of the latest bodies: those of a batch are often all the same. Counted in characters. */
const known = new LRUCache<string, string>({
  maxSize: 4 * 1024 * 1024,
  sizeCalculation: (text, html) => text.length + html.length + 1,
});

/**
 * The plain text that goes with an HTML body for which the caller gave none.
 *
 * @returns undefined when the body has no text, or is too long to make one of it
 */
export function textPartOf(html: string): string | undefined {
  if (html.length > MAX_HTML) return undefined;
  let text = known.get(html);
  if (text === undefined) {
    text = htmlToText(html);
    known.set(html, text);
  }
  return text === '' ? undefined : text;
}
