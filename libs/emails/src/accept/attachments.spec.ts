import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { attachmentSchema, contentTypeOf, isBlockedFilename, toBase64 } from './attachments.js';

describe('the three shapes of content', () => {
  it.each([
    ['base64', 'aGk=', 'hi'],
    ['base64 without padding', 'aGk', 'hi'],
    ['base64 in lines', 'aGVs\r\nbG8g\r\nd29y\nbGQ=\n', 'hello world'],
    [
      'base64url',
      Buffer.from([251, 255, 254]).toString('base64url'),
      Buffer.from([251, 255, 254]).toString('latin1'),
    ],
    ['a Buffer of Node', { type: 'Buffer' as const, data: [104, 105] }, 'hi'],
    ['a list of bytes', [104, 105], 'hi'],
    ['nothing, as text', '', ''],
    ['nothing, as a list', [], ''],
  ])('%s', (_, content, expected) => {
    const bytes = toBase64(content);
    expect(bytes).toEqual({
      base64: Buffer.from(expected, 'latin1').toString('base64'),
      size: expected.length,
    });
  });

  it('give the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const buffer = Buffer.from(bytes);
        const expected = { base64: buffer.toString('base64'), size: buffer.length };
        expect(toBase64(buffer.toString('base64'))).toEqual(expected);
        expect(toBase64(buffer.toString('base64url'))).toEqual(expected);
        expect(toBase64([...bytes])).toEqual(expected);
        expect(toBase64({ type: 'Buffer', data: [...bytes] })).toEqual(expected);
      }),
      { seed: 1, numRuns: 200 },
    );
  });
});

describe('what is not base64', () => {
  it.each([
    ['plain text', 'hello world!'],
    ['a data URL', 'data:text/plain;base64,aGk='],
    ['hex with a colon', '68:69'],
    ['one character', 'a'],
    ['five characters', 'aaaaa'],
    ['padding in the middle', 'aG=k'],
    ['too much padding', 'aGk==='],
    ['other letters', 'äöü'],
  ])('%s is refused', (_, content) => {
    expect(toBase64(content)).toBeUndefined();
  });
});

describe('the schema of an attachment', () => {
  it.each([
    { content: 'aGk=' },
    { content: 'aGk=', filename: false },
    { content: null, path: 'https://example.com/a.pdf' },
    { content: [0, 255] },
    { content: { type: 'Buffer', data: [0, 255] } },
    { filename: 'a.pdf', content: 'aGk=', content_type: 'application/pdf', content_id: 'logo' },
  ])('takes %j', (attachment) => {
    expect(attachmentSchema.safeParse(attachment).success).toBe(true);
  });

  it.each([
    { content: [256] },
    { content: [-1] },
    { content: [1.5] },
    { content: ['a'] },
    { content: { type: 'Buffer', data: [256] } },
    { content: { type: 'Blob', data: [1] } },
    { content: 7 },
    { filename: true, content: 'aGk=' },
    { filename: 'n'.repeat(256), content: 'aGk=' },
    { content_type: 't'.repeat(79), content: 'aGk=' },
  ])('refuses %j', (attachment) => {
    expect(attachmentSchema.safeParse(attachment).success).toBe(false);
  });
});

describe('contentTypeOf', () => {
  it.each([
    ['report.pdf', 'application/pdf'],
    ['REPORT.PDF', 'application/pdf'],
    ['a.b.png', 'image/png'],
    ['photo.jpeg', 'image/jpeg'],
    ['invite.ics', 'text/calendar'],
    ['noextension', 'application/octet-stream'],
    ['unknown.zzz', 'application/octet-stream'],
    ['', 'application/octet-stream'],
    ['a.constructor', 'application/octet-stream'],
    ['a.__proto__', 'application/octet-stream'],
  ])('%j is %s', (filename, expected) => {
    expect(contentTypeOf(filename)).toBe(expected);
  });
});

describe('isBlockedFilename', () => {
  it.each([
    'setup.exe',
    'SETUP.EXE',
    'a.pdf.js',
    'run.bat',
    'x.ps1',
    'macro.vbs',
    'app.app',
    '.cmd',
    'x.lnk',
  ])('blocks %s', (filename) => {
    expect(isBlockedFilename(filename)).toBe(true);
  });

  it.each(['a.pdf', 'exe', 'a.exe.pdf', 'a.json', 'a.jsx', 'js', 'readme', 'a.zip'])(
    'takes %s',
    (filename) => {
      expect(isBlockedFilename(filename)).toBe(false);
    },
  );
});
