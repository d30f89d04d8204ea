import type { Part } from './scan.js';

/** Characters of one rendered field. Values repeat as often as the template says, so the template's size bounds nothing. */
export const MAX_RENDERED = 2 * 1024 * 1024;

/** Mustache's own table. */
const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '/': '&#x2F;',
  '`': '&#x60;',
  '=': '&#x3D;',
};

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`=/]/g, (character) => entities[character] ?? character);
}

/**
 * @param values by key; a tag without a value stands as it is written
 * @param isHtml whether `{{KEY}}` escapes
 * @returns undefined when the result would be longer than MAX_RENDERED; nothing of that size is ever built
 */
export function renderParts(
  parts: readonly Part[],
  values: ReadonlyMap<string, string>,
  isHtml: boolean,
): string | undefined {
  const escaped = new Map<string, string>();
  const safe = (key: string): string | undefined => {
    const value = values.get(key);
    if (!isHtml || value === undefined) return value;
    const text = escaped.get(key) ?? escapeHtml(value);
    escaped.set(key, text);
    return text;
  };
  const pieces: string[] = [];
  let length = 0;
  for (const part of parts) {
    const piece =
      typeof part === 'string' ? part : ((part.isRaw ? values.get(part.key) : safe(part.key)) ?? part.source);
    length += piece.length;
    if (length > MAX_RENDERED) return undefined;
    pieces.push(piece);
  }
  return pieces.join('');
}
