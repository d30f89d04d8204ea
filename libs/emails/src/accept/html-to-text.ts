import { TextWriter } from './text-writer.js';

/**
 * The plain text of an HTML mail. One pass over the source without building a tree: the time grows with the length of the source
 * and with nothing else, however its tags are nested or left open, and the text is never much longer than the source.
 *
 * Paragraphs, lists, tables, links (`text https://…`) and alternative texts of images are kept; styles, scripts and comments are not.
 */
export function htmlToText(html: string): string {
  const writer = new TextWriter();
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open !== at) writer.text(html.slice(at, open < 0 ? html.length : open));
    if (open < 0) break;
    const next = html.charCodeAt(open + 1);
    if (isLetter(next) || next === SLASH) {
      const end = endOfTag(html, open + 1);
      if (end < 0) break;
      at = tag(html, open, end, writer);
    } else if (html.startsWith('<!--', open)) {
      at = after(html, '-->', open + 4);
    } else if (next === EXCLAMATION || next === QUESTION) {
      at = after(html, '>', open + 2);
    } else {
      writer.text('<');
      at = open + 1;
    }
  }
  return writer.end();
}

const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const GREATER = 0x3e;
const DOUBLE_QUOTE = 0x22;
const SINGLE_QUOTE = 0x27;

function isLetter(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
}

/** Where the tag's `>` is, quoted ones apart; -1 when it never ends: whatever follows belongs to it. */
function endOfTag(html: string, from: number): number {
  for (let at = from; at < html.length; at++) {
    const code = html.charCodeAt(at);
    if (code === GREATER) return at;
    if (code === DOUBLE_QUOTE || code === SINGLE_QUOTE) {
      at = html.indexOf(code === DOUBLE_QUOTE ? '"' : "'", at + 1);
      if (at < 0) return -1;
    }
  }
  return -1;
}

function after(html: string, mark: string, from: number): number {
  const found = html.indexOf(mark, from);
  return found < 0 ? html.length : found + mark.length;
}

/** Elements whose content is not text: skipped to their end tag. */
const skipped = new Map(
  ['style', 'script', 'title', 'textarea', 'noembed', 'template', 'svg', 'select'].map((name) => [
    name,
    new RegExp(`</${name}`, 'gi'),
  ]),
);

interface Tag {
  isEnd: boolean;
  /** Without the `>`. */
  source: () => string;
}
type Writes = (writer: TextWriter, tag: Tag) => void;

const separated =
  (lines: number): Writes =>
  (writer) =>
    writer.block(lines);
const cell: Writes = (writer) => writer.space();
const list =
  (isNumbered: boolean): Writes =>
  (writer, { isEnd }) =>
    isEnd ? writer.endList() : writer.beginList(isNumbered);

const elements = new Map<string, Writes>([
  ...'p h1 h2 h3 h4 h5 h6 dl table blockquote hr'.split(' ').map((name) => [name, separated(2)] as const),
  ...'div tr dt dd section article header footer main nav aside figure figcaption address center form body'
    .split(' ')
    .map((name) => [name, separated(1)] as const),
  ['td', cell],
  ['th', cell],
  ['ul', list(false)],
  ['ol', list(true)],
  ['li', (writer, { isEnd }) => (isEnd ? writer.endItem() : writer.beginItem())],
  ['br', (writer) => writer.lineBreak()],
  ['pre', (writer, { isEnd }) => writer.preformatted(isEnd ? -1 : 1)],
  ['img', (writer, { source }) => writer.text(attribute(source(), 'alt'))],
  [
    'a',
    (writer, { isEnd, source }) => (isEnd ? writer.endLink() : writer.beginLink(attribute(source(), 'href'))),
  ],
]);

/** @returns where to go on */
function tag(html: string, open: number, end: number, writer: TextWriter): number {
  const isEnd = html.charCodeAt(open + 1) === SLASH;
  const name = nameOf(html, isEnd ? open + 2 : open + 1, end);
  const skip = isEnd ? undefined : skipped.get(name);
  if (skip !== undefined) {
    skip.lastIndex = end + 1;
    const found = skip.exec(html);
    return found === null ? html.length : after(html, '>', found.index);
  }
  elements.get(name)?.(writer, { isEnd, source: () => html.slice(open, end) });
  return end + 1;
}

function nameOf(html: string, from: number, end: number): string {
  let to = from;
  // No name that matters is longer than this.
  while (to < end && to - from < 12 && isNameCharacter(html.charCodeAt(to))) to++;
  return html.slice(from, to).toLowerCase();
}

function isNameCharacter(code: number): boolean {
  return isLetter(code) || (code >= 0x30 && code <= 0x39);
}

const attributes = {
  href: /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
  alt: /\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
};

function attribute(source: string, name: keyof typeof attributes): string {
  const found = attributes[name].exec(source);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? '';
}
