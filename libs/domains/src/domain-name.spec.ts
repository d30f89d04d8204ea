import { describe, expect, it } from '@jest/globals';
import { parseDomainName, parseReturnPath, relativeTo, zoneOf } from './domain-name.js';

describe('parseDomainName', () => {
  it.each([
    ['example.com', 'example.com'],
    [' Mail.Example.COM. ', 'mail.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['a.b.c.example.co.uk', 'a.b.c.example.co.uk'],
    ['acme.test', 'acme.test'],
    ['foo.github.io', 'foo.github.io'],
    [`${'a'.repeat(63)}.com`, `${'a'.repeat(63)}.com`],
  ])('takes %s', (text, expected) => {
    expect(parseDomainName(text)).toBe(expected);
  });

  it.each([
    ['', 'must be a domain name'],
    ['localhost', 'top-level domain'],
    ['mail.corp.internal', 'must be a domain of the public DNS'],
    ['printer.local', 'must be a domain of the public DNS'],
    ['co.uk', '`co.uk` is a public suffix'],
    ['com.', 'top-level domain'],
    ['hello@example.com', 'without the part up to the @'],
    ['https://example.com', 'without https://'],
    ['example.com/path', 'without https://'],
    ['exa mple.com', 'must be a domain name'],
    ['exam_ple.com', 'must be a domain name'],
    ['-example.com', 'must be a domain name'],
    ['example-.com', 'must be a domain name'],
    ['example..com', 'must be a domain name'],
    ['%65xample.com', 'must be a domain name'],
    ['192.0.2.1', 'not an IP address'],
    ['example.123', 'must be a domain name'],
    [`${'a'.repeat(64)}.com`, 'must be a domain name'],
    [`${'a.'.repeat(126)}com`, 'must be a domain name'],
    ['example.com\u0000', 'must be a domain name'],
  ])('refuses %s', (text, problem) => {
    expect(() => parseDomainName(text)).toThrow(
      expect.objectContaining({
        code: 'domain.invalid_name',
        kind: 'invalid',
        field: 'name',
        message: expect.stringContaining(problem) as unknown,
      }) as unknown as Error,
    );
  });
});

describe('parseReturnPath', () => {
  it.each([
    ['send', 'send'],
    [' Bounce-2 ', 'bounce-2'],
  ])('takes %s', (text, expected) => {
    expect(parseReturnPath(text)).toBe(expected);
  });

  it.each(['', '1send', 'send-', 'a.b', 'a_b', 'ä', 'a'.repeat(64)])('refuses %j', (text) => {
    expect(() => parseReturnPath(text)).toThrow(
      expect.objectContaining({ field: 'custom_return_path', kind: 'invalid' }) as unknown as Error,
    );
  });
});

describe('names in a zone', () => {
  it.each([
    ['mail.example.co.uk', 'example.co.uk', 'send.mail.example.co.uk', 'send.mail'],
    ['example.com', 'example.com', '_dmarc.example.com', '_dmarc'],
    ['example.com', 'example.com', 'example.com', '@'],
    ['a.b.acme.test', 'acme.test', 'k._domainkey.a.b.acme.test', 'k._domainkey.a.b'],
  ])('of %s begin at %s, so that %s is %s', (name, zone, fqdn, relative) => {
    expect(zoneOf(name)).toBe(zone);
    expect(relativeTo(zone, fqdn)).toBe(relative);
  });

  it('stay whole outside of it', () => {
    expect(relativeTo('example.com', 'send.notexample.com')).toBe('send.notexample.com');
  });
});
