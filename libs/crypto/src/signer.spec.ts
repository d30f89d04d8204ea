import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Signer } from './signer.js';

const newKey = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;

describe('Signer', () => {
  const [first, second] = [newKey('a'), newKey('b')];
  const signer = new Signer(first);

  it('reads back what it signed, in characters that a URL takes as they are', () => {
    const token = signer.sign('link', 'some text, ünd more');
    expect(token).toMatch(/^[\w-]+\.[\w-]{43}$/);
    expect(signer.verify('link', token)).toBe('some text, ünd more');
  });

  it('reads what an older key signed, and signs with the newest', () => {
    const rotated = new Signer(`${second},${first}`);
    expect(rotated.verify('link', signer.sign('link', 'x'))).toBe('x');
    expect(signer.verify('link', rotated.sign('link', 'x'))).toBeUndefined();
  });

  it.each([
    ['another purpose', (token: string) => ['other', token]],
    [
      'another text',
      (token: string) => ['link', `${Buffer.from('y').toString('base64url')}.${token.split('.')[1]}`],
    ],
    ['no signature', (token: string) => ['link', token.split('.')[0]]],
    ['an empty signature', (token: string) => ['link', `${token.split('.')[0]}.`]],
    ['a shorter signature', (token: string) => ['link', token.slice(0, -4)]],
    ['something behind', (token: string) => ['link', `${token}.x`]],
    ['nothing', () => ['link', '']],
    ['no token', () => ['link', 'hello']],
  ])('refuses %s', (_, change) => {
    const [purpose = '', token = ''] = change(signer.sign('link', 'x'));
    expect(signer.verify(purpose, token)).toBeUndefined();
  });

  it('refuses what another installation signed', () => {
    expect(new Signer(second).verify('link', signer.sign('link', 'x'))).toBeUndefined();
  });
});
