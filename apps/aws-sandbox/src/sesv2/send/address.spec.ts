import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAddress, simulatorMailbox, splitAddressList } from './address.js';

const parsed = (written: string) => {
  const address = parseAddress(written);
  return typeof address === 'string' ? address : [address.displayName, address.address];
};

describe('parseAddress', () => {
  it.each<[string, string | [string | null, string]]>([
    ['a@example.com', [null, 'a@example.com']],
    ['Shop <a@example.com>', ['Shop', 'a@example.com']],
    ['"Müller, K. <x>" <a@example.com>', ['Müller, K. <x>', 'a@example.com']],
    ['a@example.com (a comment)', [null, 'a@example.com']],
    ['<a@example.com>', [null, 'a@example.com']],
    ['"odd @ local"@example.com', [null, '"odd @ local"@example.com']],
    ['', "Missing final '@domain'"],
    ['nobody', "Missing final '@domain'"],
    ['@example.com', 'Missing local name'],
    ['a@', 'Missing domain'],
    ['a b@example.com', 'Local address contains control or whitespace'],
    ['a@exa mple.com', 'Domain contains control or whitespace'],
    ['a@b.com, c@d.com', 'Domain contains control or whitespace'],
    ['ü@example.com', 'Local address contains control or whitespace'],
    ['a@ü.com', 'Domain contains control or whitespace'],
    ['a@b@c.com', 'Domain contains illegal character'],
    ['a@example.com\r\nBcc: x@y.z', 'Domain contains control or whitespace'],
  ])('%j', (written, expected) => {
    expect(parsed(written)).toEqual(expected);
  });

  it('never throws and never lets a line break into an address', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom('a', '@', '.', ' ', '<', '>', '"', '\\', '(', ')', ',', '\r', '\n', 'ü'),
          maxLength: 30,
        }),
        (written) => {
          const address = parseAddress(written);
          expect(typeof address === 'string' || !/[\r\n]/.test(address.domain)).toBe(true);
        },
      ),
    );
  });
});

describe('splitAddressList', () => {
  it('splits at commas that separate addresses', () => {
    expect(splitAddressList('a@b.c, "D, E" <d@e.f>, (x, y) g@h.i,')).toEqual([
      'a@b.c',
      '"D, E" <d@e.f>',
      '(x, y) g@h.i',
    ]);
  });
});

describe('simulatorMailbox', () => {
  it.each([
    ['success@simulator.amazonses.com', 'success'],
    ['Bounce+label@SIMULATOR.amazonses.com', 'bounce'],
    ['other@simulator.amazonses.com', null],
    ['success@example.com', null],
  ])('%s', (written, expected) => {
    const address = parseAddress(written);
    expect(typeof address === 'string' ? address : simulatorMailbox(address)).toBe(expected);
  });
});
