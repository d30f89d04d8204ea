import { TextWriter } from './text-writer.js';

/**
 * The plain text of an HTML mail. One pass over the source without building a tree: the time grows with the length of the source
 * and with nothing else, however its tags are nested or left open, and the text is never much longer than the source.
 *
 * Paragraphs, lists, tables, links (`text https://…`) and alternative texts of images are kept; styles, scripts and comments are not.
 */
export function htmlToText(html: string): string {
  const writer = new TextWriter();
  const codes = codesOf(html);
  let at = 0;
  while (at < html.length) {
    const open = html.indexOf('<', at);
    if (open !== at) writer.text(html.slice(at, open < 0 ? html.length : open));
    if (open < 0) break;
    const next = codes[open + 1] ?? 0;
    if (isLetter(next) || next === SLASH) {
      const end = endOfTag(html, codes, open + 1);
      if (end < 0) break;
      at = tag(html, codes, open, end, writer);
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

/**
 * The UTF-16 units of a text. Where any class extends String, as one of the Redis client does, `charCodeAt` is a call in Node 20 that
 * takes five times as long; looking at numbers is not.
 */
function codesOf(text: string): Uint16Array {
  const bytes = Buffer.allocUnsafeSlow(text.length * 2);
  bytes.write(text, 'utf16le');
  return new Uint16Array(bytes.buffer, bytes.byteOffset, text.length);
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
function endOfTag(html: string, codes: Uint16Array, from: number): number {
  for (let at = from; at < codes.length; at++) {
    const code = codes[at];
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

/** What an element does to the text. */
interface Element {
  /** Where its content ends, if that is not text. */
  skipTo?: RegExp;
  /** `source`: the tag, without the `>`. */
  write?(writer: TextWriter, isEnd: boolean, source: () => string): void;
}

const separated = (lines: number): Element => ({ write: (writer) => writer.block(lines) });
const cell: Element = { write: (writer) => writer.space() };
const list = (isNumbered: boolean): Element => ({
  write: (writer, isEnd) => (isEnd ? writer.endList() : writer.beginList(isNumbered)),
});

const named: readonly (readonly [string, Element])[] = [
  ...'style script title textarea noembed template svg select'
    .split(' ')
    .map((name) => [name, { skipTo: new RegExp(`</${name}`, 'gi') }] as const),
  ...'p h1 h2 h3 h4 h5 h6 dl table blockquote hr'.split(' ').map((name) => [name, separated(2)] as const),
  ...'div tr dt dd section article header footer main nav aside figure figcaption address center form body'
    .split(' ')
    .map((name) => [name, separated(1)] as const),
  ['td', cell],
  ['th', cell],
  ['ul', list(false)],
  ['ol', list(true)],
  ['li', { write: (writer, isEnd) => (isEnd ? writer.endItem() : writer.beginItem()) }],
  ['br', { write: (writer) => writer.lineBreak() }],
  ['pre', { write: (writer, isEnd) => writer.preformatted(isEnd ? -1 : 1) }],
  ['img', { write: (writer, _, source) => writer.text(attribute(source(), 'alt')) }],
  [
    'a',
    {
      write: (writer, isEnd, source) =>
        isEnd ? writer.endLink() : writer.beginLink(attribute(source(), 'href')),
    },
  ],
];

/** No name that matters is longer. */
const MAX_NAME = 10;

/** By the number that their name is: a mail has hundreds of tags. */
const elements = new Map(named.map(([name, element]) => [nameAt(codesOf(name), 0, name.length), element]));

/** A name as a number to base 37, whatever its case: ten letters and digits stay within what a number holds. */
function nameAt(codes: Uint16Array, from: number, end: number): number {
  let name = 0;
  for (let at = from; at < end; at++) {
    const digit = digitOf(codes[at] ?? 0);
    if (digit === 0) break;
    if (at - from === MAX_NAME) return -1;
    name = name * 37 + digit;
  }
  return name;
}

/** 0: no character of a name. */
function digitOf(code: number): number {
  if (isLetter(code)) return (code | 0x20) - 0x60;
  return code >= 0x30 && code <= 0x39 ? code - 0x30 + 27 : 0;
}

/** @returns where to go on */
function tag(html: string, codes: Uint16Array, open: number, end: number, writer: TextWriter): number {
  const isEnd = codes[open + 1] === SLASH;
  const element = elements.get(nameAt(codes, isEnd ? open + 2 : open + 1, end));
  if (element === undefined) return end + 1;
  if (element.skipTo !== undefined && !isEnd) {
    element.skipTo.lastIndex = end + 1;
    const found = element.skipTo.exec(html);
    return found === null ? html.length : after(html, '>', found.index);
  }
  element.write?.(writer, isEnd, () => html.slice(open, end));
  return end + 1;
}

const attributes = {
  href: /\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
  alt: /\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/i,
};

function attribute(source: string, name: keyof typeof attributes): string {
  const found = attributes[name].exec(source);
  return found?.[1] ?? found?.[2] ?? found?.[3] ?? '';
}
