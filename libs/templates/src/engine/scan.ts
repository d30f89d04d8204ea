/** Text as it stands, or the place of a variable: `{{{KEY}}}` is raw, `{{KEY}}` is escaped where it stands in HTML. */
export type Part = string | { key: string; isRaw: boolean; source: string };

export interface TagProblem {
  /** The tag as it is written, shortened. */
  tag: string;
  line: number;
  column: number;
}

/** A template with more is no template any more; it bounds what one costs to keep and to render. */
const MAX_TAGS = 10_000;

const KEY = '\\s*([A-Za-z0-9_]{1,50})\\s*';
// Sticky, and no two repeats that could match the same characters: linear, whatever the template.
const tagPattern = new RegExp(`\\{\\{\\{${KEY}\\}\\}\\}|\\{\\{${KEY}\\}\\}`, 'y');

/**
 * Cuts a template into its parts in one pass. Mustache's syntax for variables and nothing else of Mustache: no
 * sections, partials, comments, delimiters or paths. Two opening braces are always a tag.
 */
export function scanTemplate(source: string): Part[] | TagProblem {
  const parts: Part[] = [];
  let done = 0;
  let tags = 0;
  for (;;) {
    const at = source.indexOf('{{', done);
    if (at === -1) break;
    tagPattern.lastIndex = at;
    const match = tagPattern.exec(source);
    if (match === null || ++tags > MAX_TAGS) return problemAt(source, at);
    if (at > done) parts.push(source.slice(done, at));
    const [text, raw, escaped] = match;
    parts.push({ key: raw ?? escaped ?? '', isRaw: raw !== undefined, source: text });
    done = at + text.length;
  }
  if (done < source.length) parts.push(source.slice(done));
  return parts;
}

export function isProblem(result: Part[] | TagProblem): result is TagProblem {
  return !Array.isArray(result);
}

/** The keys that a scanned template names. */
export function keysOf(parts: readonly Part[]): Set<string> {
  return new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.key])));
}

function problemAt(source: string, at: number): TagProblem {
  const before = source.slice(0, at);
  const shown = source.slice(at, at + 40);
  const end = shown.search(/\}\}(?!\})/);
  return {
    tag: (end === -1 ? shown : shown.slice(0, end + 2)).replace(/[^ -~]/g, '?'),
    line: before.split('\n').length,
    column: at - before.lastIndexOf('\n'),
  };
}
