import { describe, expect, it } from '@jest/globals';
import { elideFiles } from './elide-files.js';

const message = [
  'Subject: Hello',
  'Content-Type: multipart/mixed;',
  ' boundary="out"',
  '',
  '--out',
  'Content-Type: multipart/alternative; boundary=in',
  '',
  '--in',
  'Content-Type: text/plain',
  '',
  'Read me',
  '--in--',
  '--out',
  'Content-Type: application/pdf; name=a.pdf',
  'Content-Transfer-Encoding: base64',
  '',
  'QUJD',
  'REVG',
  '--out',
  'Content-Type: text/csv',
  'Content-Disposition: attachment; filename=a.csv',
  '',
  'secret,list',
  '--out--',
  '',
].join('\r\n');

describe('a message without its files', () => {
  it('keeps heads and texts, and says how long a file is', () => {
    const shown = elideFiles(message);
    expect(shown).toContain('Content-Type: application/pdf; name=a.pdf');
    expect(shown).toContain('Read me');
    expect(shown).toContain('[8 characters]');
    expect(shown).toContain('[11 characters]');
    expect(shown).not.toContain('QUJD');
    expect(shown).not.toContain('secret,list');
    expect(shown.match(/^--out/gm)).toHaveLength(4);
  });

  it('hides a message that is a file itself', () => {
    expect(elideFiles('Content-Type: application/pdf\r\n\r\nQUJD')).toBe(
      'Content-Type: application/pdf\n\n[4 characters]\n',
    );
  });

  it.each(['', '\r\n', '--', '--x\r\n--x--', 'no head at all', 'Content-Type: multipart/mixed; boundary=""'])(
    'takes %j',
    (text) => {
      expect(typeof elideFiles(text)).toBe('string');
    },
  );

  it('ends after half a megabyte', () => {
    expect(elideFiles(`a: b\n\n${'x'.repeat(600_000)}`)).toMatch(/\[\d+ more characters\]$/);
  });
});
