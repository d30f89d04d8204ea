/** Named characters of HTML as far as mail uses them: those of Latin-1, in their order from 160 on, and typography. */
const latin1 =
  'nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro para middot ' +
  'cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml ' +
  'Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig ' +
  'agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ' +
  'ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute thorn yuml';
const others =
  'amp & lt < gt > quot " apos \' hellip … mdash — ndash – lsquo ‘ rsquo ’ sbquo ‚ ldquo “ rdquo ” bdquo „ lsaquo ‹ rsaquo › ' +
  'bull • dagger † permil ‰ prime ′ euro € trade ™ larr ← uarr ↑ rarr → darr ↓ minus − ne ≠ le ≤ ge ≥ infin ∞ check ✓ star ☆ ' +
  'hearts ♥ OElig Œ oelig œ Scaron Š scaron š Yuml Ÿ fnof ƒ';
// Spaces of other widths are spaces; what is invisible, and only steers how HTML is set, is nothing.
const spaces = new Map([
  ...['nbsp', 'ensp', 'emsp', 'thinsp'].map((name) => [name, ' '] as const),
  ...['shy', 'zwnj', 'zwj', 'lrm', 'rlm', 'zwsp'].map((name) => [name, ''] as const),
]);

const characters = new Map<string, string>([
  ...latin1.split(' ').map((name, index) => [name, String.fromCharCode(160 + index)] as const),
  ...pairs(others.split(' ')),
  ...spaces,
]);

function pairs(words: readonly string[]): [string, string][] {
  return words.flatMap((name, index) =>
    index % 2 === 0 ? [[name, words[index + 1] ?? ''] as [string, string]] : [],
  );
}

const entity = /&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([A-Za-z][A-Za-z0-9]{1,9}));?/g;

/** The text with its character references replaced; an unknown one stays as it is written. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(entity, (written, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return characters.get(name) ?? written;
    return ofCodePoint(decimal === undefined ? parseInt(hex ?? '', 16) : Number(decimal));
  });
}

function ofCodePoint(code: number): string {
  if (code === 160) return ' ';
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  const isControl = code < 32 || (code >= 127 && code < 160);
  if (code > 0x10ffff || isSurrogate || isControl) return code === 9 || code === 10 ? ' ' : '';
  // What only joins or separates letters in HTML.
  return code === 173 || (code >= 0x200b && code <= 0x200f) || code === 0xfeff
    ? ''
    : String.fromCodePoint(code);
}
