/** Longer texts are shown by their length. */
const MAX_TEXT = 1_024;
const MAX_ITEMS = 20;
const MAX_FIELDS = 100;
const MAX_DEPTH = 8;
/** An answer longer than this is not looked into. */
const MAX_ANSWER = 16_384;
/** A request that is longer than this in spite of all is shown by its length. */
const MAX_REQUEST = 32_768;

/**
 * Fields with contents of mail: what is in the body, in files, in a template's variables. It is kept with the mail, for as long as
 * the project wants, and nowhere else: a one-time password must not outlive its mail in a log.
 */
const contents = new Set(['html', 'text', 'content', 'variables', 'request', 'mime']);
const contentField = new RegExp(`"(?:${[...contents].join('|')})":`);

/** Names of fields whose texts open something. */
const secretName = /token|secret|password|passphrase|credential|authorization|api_?key/i;

/**
 * A request's body as a log may show it: JSON without secrets, contents of mail and long texts.
 *
 * @returns undefined when there was none
 */
export function redactRequest(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  const text = JSON.stringify(redactValue(body, 0));
  return text.length > MAX_REQUEST ? JSON.stringify(lengthOf(text)) : text;
}

/** The same of an answer, which is JSON as it was sent. */
export function redactAnswer(text: string | undefined): string | undefined {
  if (text === undefined || text === '') return undefined;
  // Most answers are short and have nothing to hide: they are not worth parsing.
  const isPlain = text.length <= MAX_TEXT && text.startsWith('{');
  if (isPlain && !secretName.test(text) && !contentField.test(text)) return text;
  if (text.length > MAX_ANSWER) return JSON.stringify(lengthOf(text));
  try {
    return JSON.stringify(redactValue(JSON.parse(text), 0));
  } catch {
    return JSON.stringify(lengthOf(text));
  }
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > MAX_TEXT ? lengthOf(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= MAX_DEPTH) return '[…]';
  if (Array.isArray(value)) {
    const shown = value.slice(0, MAX_ITEMS).map((item: unknown) => redactValue(item, depth + 1));
    return value.length > MAX_ITEMS ? [...shown, `[${value.length - MAX_ITEMS} more]`] : shown;
  }
  const fields: Record<string, unknown> = {};
  let count = 0;
  for (const name in value) {
    if (count++ >= MAX_FIELDS) {
      fields['…'] = '[more]';
      break;
    }
    fields[name] = redactField(name, (value as Record<string, unknown>)[name], depth + 1);
  }
  return fields;
}

function redactField(name: string, value: unknown, depth: number): unknown {
  if (value !== null && contents.has(name)) return typeof value === 'string' ? lengthOf(value) : '[content]';
  if (value !== null && typeof value !== 'boolean' && secretName.test(name)) return '[redacted]';
  return redactValue(value, depth);
}

function lengthOf(text: string): string {
  return `[${text.length} characters]`;
}
