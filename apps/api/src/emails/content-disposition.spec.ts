import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { contentDisposition } from './content-disposition.js';

describe('contentDisposition', () => {
  it.each([
    ['invoice.pdf', `attachment; filename="invoice.pdf"; filename*=UTF-8''invoice.pdf`],
    [
      'Rechnung für Özil.pdf',
      `attachment; filename="Rechnung f_r _zil.pdf"; filename*=UTF-8''Rechnung%20f%C3%BCr%20%C3%96zil.pdf`,
    ],
    [`a"b\\c%d'.txt`, `attachment; filename="a_b_c_d'.txt"; filename*=UTF-8''a%22b%5Cc%25d%27.txt`],
    ['a\r\nx: y', `attachment; filename="a__x: y"; filename*=UTF-8''a%0D%0Ax%3A%20y`],
  ])('%j', (filename, header) => {
    expect(contentDisposition(filename)).toBe(header);
  });

  it('is one header of ASCII whatever the file is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (filename) => {
        const header = contentDisposition(filename);
        expect(header).toMatch(/^[ -~]*$/);
        expect(decodeURIComponent(header.split("filename*=UTF-8''")[1] ?? '')).toBe(filename.toWellFormed());
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});
