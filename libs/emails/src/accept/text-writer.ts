import { decodeEntities } from './html-entities.js';

/** Deeper lists are written as this deep. */
const MAX_LISTS = 5;

/** Sets text as HTML would: white space runs together, blocks stand apart. Nothing is written that has no text in it. */
export class TextWriter {
  private readonly parts: string[] = [];
  /** Line breaks to write before the next text. */
  private pending = 0;
  /** Whether a space is to be written before the next text. */
  private hasSpace = false;
  /** Of the list item that begins with the next text. */
  private marker = '';
  private preDepth = 0;
  /** The number of the last item of each open list; -1: without numbers. */
  private readonly lists: number[] = [];
  private deeperLists = 0;
  private link: { href: string; from: number } | undefined;

  /** As it stands in the source. */
  text(source: string): void {
    const decoded = decodeEntities(source);
    if (this.preDepth > 0) {
      if (decoded !== '') this.write(decoded.replace(/\r\n?/g, '\n'));
      return;
    }
    // Single spaces, which are nearly all, stay untouched.
    const text = decoded.replace(/\s{2,}|[^\S ]/g, ' ');
    if (text.startsWith(' ')) this.hasSpace = true;
    const trimmed = text.trim();
    if (trimmed === '') return;
    this.write(trimmed);
    this.hasSpace = text.endsWith(' ');
  }

  space(): void {
    this.hasSpace = true;
  }

  /** `lines` 2: an empty line between. */
  block(lines: number): void {
    this.pending = Math.max(this.pending, lines);
  }

  lineBreak(): void {
    this.pending = Math.min(this.pending + 1, 3);
  }

  preformatted(change: 1 | -1): void {
    this.block(2);
    this.preDepth = Math.max(0, this.preDepth + change);
  }

  beginList(isNumbered: boolean): void {
    this.block(this.lists.length === 0 ? 2 : 1);
    if (this.lists.length < MAX_LISTS) this.lists.push(isNumbered ? 0 : -1);
    else this.deeperLists += 1;
  }

  endList(): void {
    if (this.deeperLists > 0) this.deeperLists -= 1;
    else this.lists.pop();
    this.marker = '';
    this.block(this.lists.length === 0 ? 2 : 1);
  }

  beginItem(): void {
    this.block(1);
    const depth = this.lists.length;
    const number = (this.lists[depth - 1] ?? -1) + 1;
    if (number > 0) this.lists[depth - 1] = number;
    this.marker = `${'  '.repeat(Math.max(0, depth - 1))}${number > 0 ? `${number}.` : '*'} `;
  }

  endItem(): void {
    this.marker = '';
    this.block(1);
  }

  beginLink(href: string): void {
    this.endLink();
    const url = decodeEntities(href).trim();
    if (/^(https?:|mailto:|tel:)/i.test(url)) this.link = { href: url, from: this.parts.length };
  }

  /** Writes the address, unless the text of the link was just that. */
  endLink(): void {
    const { link } = this;
    if (link === undefined) return;
    this.link = undefined;
    const shown = this.parts.slice(link.from).join('').trim();
    const target = link.href.replace(/^(mailto|tel):/i, '').replace(/\s+/g, '');
    if (shown === target || `${shown}/` === target || target.endsWith(`://${shown}`)) return;
    this.hasSpace = true;
    this.write(target);
  }

  end(): string {
    this.endLink();
    return this.parts.join('').trimEnd();
  }

  private write(text: string): void {
    const separator =
      this.parts.length === 0 ? '' : this.pending > 0 ? '\n'.repeat(this.pending) : this.hasSpace ? ' ' : '';
    this.parts.push(separator + this.marker + text);
    this.pending = 0;
    this.hasSpace = false;
    this.marker = '';
  }
}
