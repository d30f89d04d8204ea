import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addressParser } from 'postal-mime';
import { formatMailbox, hasInternationalLocalPart, parseMailbox } from './addresses.js';

describe('parseMailbox takes', () => {
  it.each([
    ['a@example.com', '', 'a@example.com'],
    ['  a@example.com ', '', 'a@example.com'],
    ['<a@example.com>', '', 'a@example.com'],
    ['Ann <a@example.com>', 'Ann', 'a@example.com'],
    ['Ann<a@example.com>', 'Ann', 'a@example.com'],
    ['Ann   < a@example.com >', 'Ann', 'a@example.com'],
    ['"Ann, Lee" <a@example.com>', 'Ann, Lee', 'a@example.com'],
    ['"Ann \\"A\\" Lee" <a@example.com>', 'Ann "A" Lee', 'a@example.com'],
    ['"back\\\\slash" <a@example.com>', 'back\\slash', 'a@example.com'],
    ['Ann, Lee <a@example.com>', 'Ann, Lee', 'a@example.com'],
    ['=?UTF-8?Q?Zo=C3=AB?= Lee <a@example.com>', 'Zoë Lee', 'a@example.com'],
    ['"=?UTF-8?B?Wm/Dqw==?=" <a@example.com>', 'Zoë', 'a@example.com'],
    ['=?UTF-8?Q?a=0D=0ABcc:_b?= <a@example.com>', 'a Bcc: b', 'a@example.com'],
    ['=?broken <a@example.com>', '=?broken', 'a@example.com'],
    ['Ann (Lee) <a@example.com>', 'Ann (Lee)', 'a@example.com'],
    ['Zoë Größe 😀 <a@example.com>', 'Zoë Größe 😀', 'a@example.com'],
    ['other@example.net <a@example.com>', 'other@example.net', 'a@example.com'],
    ["o'neil+tag@mail.example.com", '', "o'neil+tag@mail.example.com"],
    ["!#$%&'*+/=?^_`{|}~-@example.com", '', "!#$%&'*+/=?^_`{|}~-@example.com"],
    ['first.last@example.com', '', 'first.last@example.com'],
    ['User@EXAMPLE.Com', '', 'User@example.com'],
    ['a@bücher.example', '', 'a@xn--bcher-kva.example'],
    ['a@BÜCHER.example', '', 'a@xn--bcher-kva.example'],
    ['Käufer <a@почта.рф>', 'Käufer', 'a@xn--80a1acny.xn--p1ai'],
    ['a@xn--bcher-kva.example', '', 'a@xn--bcher-kva.example'],
    ['a@例え。テスト', '', 'a@xn--r8jz45g.xn--zckzah'],
    [`${'l'.repeat(64)}@example.com`, '', `${'l'.repeat(64)}@example.com`],
    [`a@${'d'.repeat(63)}.com`, '', `a@${'d'.repeat(63)}.com`],
  ])('%j', (text, name, address) => {
    expect(parseMailbox(text)).toEqual({
      name,
      address,
      domain: address.slice(address.lastIndexOf('@') + 1),
    });
  });
});

describe('parseMailbox refuses', () => {
  it.each([
    '',
    ' ',
    'a',
    '@',
    '@example.com',
    'a@',
    'a@example',
    'a@localhost',
    'Ann',
    'Ann <>',
    'Ann <a>',
    'Ann <a@example.com',
    'Ann a@example.com>',
    'a@example.com Ann',
    'a@example.com, b@example.com',
    'a@example.com;b@example.com',
    'a@b@example.com',
    'a@example.com (Ann)',
    '(Ann) a@example.com',
    'Friends: a@example.com;',
    '"a"@example.com',
    'ann@exämple',
    'a b@example.com',
    '"a b"@example.com',
    '.a@example.com',
    'a.@example.com',
    'a..b@example.com',
    'ä@example.com',
    'a@.example.com',
    'a@example..com',
    'a@example.com.',
    'a@-example.com',
    'a@example-.com',
    'a@exa mple.com',
    'a@exa_mple.com',
    'a@example.com:25',
    'a@example.com/x',
    'a@example.com?x',
    'a@example.com#x',
    'a@example.com\\x',
    'a@ex%61mple.com',
    'a@127.0.0.1',
    'a@0x7f.1',
    'a@１２７.0.0.1',
    'a@[127.0.0.1]',
    'a@[IPv6:::1]',
    'Ann <a@example.com> <b@example.com>',
    '<b@example.com> a@example.com',
    'Ann > Lee <a@example.com>',
    'Ann <a@example.com>, Bob <b@example.com>',
    `${'l'.repeat(65)}@example.com`,
    `a@${'d'.repeat(64)}.com`,
    `a@${'d.'.repeat(127)}com`,
    `${'n'.repeat(310)} <a@example.com>`,
    'a@example.com\r\nBcc: b@example.com',
    'a@example.com\nBcc: b@example.com',
    'Ann\r\nBcc: b@example.com\r\nX: <a@example.com>',
    'Ann\n <a@example.com>',
    'Ann\u0000 <a@example.com>',
    'Ann\t<a@example.com>',
    'Ann\u007f <a@example.com>',
    'a@example.com\n',
    '\na@example.com',
    'Ann \ud800 <a@example.com>',
  ])('%j', (text) => {
    expect(parseMailbox(text)).toBeUndefined();
  });
});

describe('hasInternationalLocalPart', () => {
  it.each([
    ['ä@example.com', true],
    ['Ann <用户@example.com>', true],
    ['a@bücher.example', false],
    ['Zoë <a@@example.com>', false],
    ['ä', false],
    ['ä\r\nBcc: b@example.com', false],
  ])('%j: %s', (text, expected) => {
    expect(hasInternationalLocalPart(text)).toBe(expected);
  });
});

describe('formatMailbox', () => {
  it.each([
    ['', 'a@example.com', 'a@example.com'],
    ['Ann', 'a@example.com', 'Ann <a@example.com>'],
    ["Ann O'Neil-Lee & Co", 'a@example.com', "Ann O'Neil-Lee & Co <a@example.com>"],
    ['Lee, Ann', 'a@example.com', '"Lee, Ann" <a@example.com>'],
    ['Team: Ann; Bob', 'a@example.com', '"Team: Ann; Bob" <a@example.com>'],
    ['ann@example.net', 'a@example.com', '"ann@example.net" <a@example.com>'],
    ['Ann (Lee)', 'a@example.com', '"Ann (Lee)" <a@example.com>'],
    ['A. Lee', 'a@example.com', '"A. Lee" <a@example.com>'],
    ['Ann "A" Lee\\', 'a@example.com', '"Ann \\"A\\" Lee\\\\" <a@example.com>'],
    ['Zoë', 'a@example.com', '=?UTF-8?B?Wm/Dqw==?= <a@example.com>'],
  ])('writes %j with %s as %s', (name, address, expected) => {
    expect(formatMailbox({ name, address, domain: 'example.com' })).toBe(expected);
  });

  it('cuts long names into encoded words of at most 75 characters, never inside a character', () => {
    const name = 'ä€😀é'.repeat(15);
    const words = formatMailbox({ name, address: 'a@example.com', domain: 'example.com' })
      .split(' ')
      .slice(0, -1);
    expect(words.length).toBeGreaterThan(1);
    const decoded = words.map((word) => {
      expect(word).toMatch(/^=\?UTF-8\?B\?[A-Za-z0-9+/]+={0,2}\?=$/);
      expect(word.length).toBeLessThanOrEqual(75);
      return Buffer.from(word.slice(10, -2), 'base64').toString();
    });
    expect(decoded.join('')).toBe(name);
    expect(decoded.join('')).not.toContain('\ufffd');
  });
});

/** Text made of the characters that have a meaning in addresses and headers. */
const nasty = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '"',
        '\\',
        ',',
        ';',
        ':',
        '@',
        '(',
        ')',
        '[',
        ']',
        '.',
        ' ',
        '=?',
        '?=',
        '?UTF-8?B?',
        '\r\n',
        '\n',
        '\r',
        '\t',
        '\0',
        '\u0085',
        '\u2028',
      ),
      fc.constantFrom(
        'a@example.com',
        'b@example.net',
        'Bcc: x@example.org',
        'Ann',
        'é',
        '😀',
        '\ud800',
        'xn--',
        'ß',
        '。',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const inputs = fc.oneof(
  nasty,
  nasty.map((text) => `${text} <a@example.com>`),
  nasty.map((text) => `"${text}" <a@example.com>`),
  nasty.map((text) => `a@${text}.com`),
  fc.string({ unit: 'grapheme', maxLength: 40 }).map((name) => `${name} <a@example.com>`),
);
const run = { seed: 1, numRuns: 3_000 };

describe('whatever is given', () => {
  it('what comes out is one line of printable ASCII with exactly one address', () => {
    let taken = 0;
    fc.assert(
      fc.property(inputs, (text) => {
        const mailbox = parseMailbox(text);
        if (mailbox === undefined) return;
        taken += 1;
        const written = formatMailbox(mailbox);
        expect(written).toMatch(/^[ -~]+$/);
        expect(mailbox.address).toMatch(/^[!-~]+@[a-z0-9.-]+$/);
        expect(mailbox.domain).toBe(mailbox.address.slice(mailbox.address.lastIndexOf('@') + 1));
        const parsed = addressParser(written, { flatten: true });
        expect(parsed.map(({ address }) => address)).toEqual([mailbox.address]);
      }),
      run,
    );
    expect(taken).toBeGreaterThan(500);
  });

  it('what comes out is no longer than SES takes: 320 characters with the display name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 30, maxLength: 300 }), (name) => {
        const mailbox = parseMailbox(`${name} <a@example.com>`);
        if (mailbox !== undefined) expect(formatMailbox(mailbox).length).toBeLessThanOrEqual(320);
      }),
      { seed: 2, numRuns: 500 },
    );
    expect(parseMailbox(`${'ж'.repeat(200)} <a@example.com>`)).toBeUndefined();
    expect(parseMailbox(`${'ж'.repeat(50)} <a@example.com>`)).toBeDefined();
  });

  it('what comes out reads back as the same address', () => {
    fc.assert(
      fc.property(inputs, (text) => {
        const mailbox = parseMailbox(text);
        if (mailbox === undefined) return;
        const again = parseMailbox(formatMailbox(mailbox));
        expect(again?.address).toBe(mailbox.address);
        if (/^[ -~]*$/.test(mailbox.name)) expect(again?.name.trim()).toBe(mailbox.name.trim());
      }),
      run,
    );
  });
});
