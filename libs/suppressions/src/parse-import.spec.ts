import { describe, expect, it } from '@jest/globals';
import { parseImport } from './parse-import.js';

describe('an import', () => {
  it('reads CSV with a header, whatever its columns are called and wherever they stand', () => {
    for (const head of ['created,Email,reason', 'x,"EMAIL ADDRESS",Type', 'x,recipient,origin']) {
      expect(parseImport(`${head}\n1,Ann@Example.com,Hard Bounce\n2,"bob@example.com",\n`, 'csv')).toEqual({
        items: [
          { email: 'ann@example.com', origin: 'bounce' },
          { email: 'bob@example.com', origin: 'manual' },
        ],
        problems: [],
        problemCount: 0,
      });
    }
  });

  it('reads CSV with semicolons, Windows line ends, a byte order mark, quotes and empty lines', () => {
    const text =
      '\ufeffname;email;reason\r\n"Lee; ""Ann""";ann@example.com;SPAM\r\n\r\n;bob@example.com;x\r\n';
    expect(parseImport(text, 'csv').items).toEqual([
      { email: 'ann@example.com', origin: 'complaint' },
      { email: 'bob@example.com', origin: 'manual' },
    ]);
  });

  it('reads a bare column of addresses', () => {
    expect(parseImport('ann@example.com\nbob@example.com', 'csv').items.map(({ email }) => email)).toEqual([
      'ann@example.com',
      'bob@example.com',
    ]);
  });

  it('reads JSON lines of objects and of texts', () => {
    const text =
      '{"email":"ann@example.com","origin":"complaint"}\n"bob@example.com"\n{"email":"c@example.com"}';
    expect(parseImport(text, 'ndjson').items).toEqual([
      { email: 'ann@example.com', origin: 'complaint' },
      { email: 'bob@example.com', origin: 'manual' },
      { email: 'c@example.com', origin: 'manual' },
    ]);
  });

  it('takes each address once, with its first origin', () => {
    expect(parseImport('email,origin\na@example.com,bounce\nA@EXAMPLE.com,manual', 'csv').items).toEqual([
      { email: 'a@example.com', origin: 'bounce' },
    ]);
  });

  it('passes over what is no address, and says in which line', () => {
    expect(parseImport('email\nann\n\nbob@example.com', 'csv')).toEqual({
      items: [{ email: 'bob@example.com', origin: 'manual' }],
      problems: [{ line: 2, message: 'Not an email address.' }],
      problemCount: 1,
    });
    expect(parseImport('{"mail":1}\n[\nnull\n{"email":7}', 'ndjson')).toMatchObject({
      items: [],
      problemCount: 4,
      problems: [{ line: 1 }, { line: 2 }, { line: 3 }, { line: 4 }],
    });
  });

  it('counts all problems and shows a hundred', () => {
    const { problems, problemCount } = parseImport(`email\n${'x\n'.repeat(150)}`, 'csv');
    expect([problems.length, problemCount]).toEqual([100, 150]);
  });

  it('refuses a header without addresses, and more than 100 000 lines', () => {
    expect(() => parseImport('name,phone\na,b', 'csv')).toThrow('names no column `email`');
    expect(() => parseImport('', 'csv')).toThrow('names no column `email`');
    expect(() => parseImport('a@example.com\n'.repeat(100_002), 'csv')).toThrow('at most 100000 lines');
    expect(parseImport('a@example.com\n'.repeat(100_000), 'csv').items).toHaveLength(1);
  });
});
