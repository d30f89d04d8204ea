import { describe, expect, it } from '@jest/globals';
import { OutboundError } from './outbound-error.js';
import { hostOf, parseTarget } from './target.js';

function refusalOf(url: string, plainHttp = true): string {
  try {
    parseTarget(url, { plainHttp });
  } catch (error) {
    if (error instanceof OutboundError) return error.code;
    throw error;
  }
  return 'accepted';
}

describe('parseTarget', () => {
  it.each([
    ['https://example.com/a?b=c', true, 'accepted'],
    ['http://example.com', true, 'accepted'],
    ['http://example.com', false, 'outbound.http_refused'],
    ['https://example.com', false, 'accepted'],
    ['http://example.com:443/', true, 'accepted'],
    ['https://example.com:80/', true, 'accepted'],
    ['https://example.com:1024/', true, 'accepted'],
    ['https://example.com:65535/', true, 'accepted'],
    ['https://example.com:1023/', true, 'outbound.port_refused'],
    ['http://example.com:25/', true, 'outbound.port_refused'],
    ['http://example.com:0/', true, 'outbound.port_refused'],
    ['http://example.com:65536/', true, 'outbound.bad_url'],
    ['https://user:password@example.com/', true, 'outbound.bad_url'],
    ['https://user@example.com/', true, 'outbound.bad_url'],
    ['https://:password@example.com/', true, 'outbound.bad_url'],
    ['ftp://example.com/', true, 'outbound.bad_url'],
    ['file:///etc/passwd', true, 'outbound.bad_url'],
    ['data:text/plain,hello', true, 'outbound.bad_url'],
    ['javascript:alert(1)', true, 'outbound.bad_url'],
    ['gopher://example.com/', true, 'outbound.bad_url'],
    ['//example.com/', true, 'outbound.bad_url'],
    ['/etc/passwd', true, 'outbound.bad_url'],
    ['example.com', true, 'outbound.bad_url'],
    ['https://', true, 'outbound.bad_url'],
    ['', true, 'outbound.bad_url'],
  ])('%s (plain http: %s): %s', (url, plainHttp, expected) => {
    expect(refusalOf(url, plainHttp)).toBe(expected);
  });
});

describe('hostOf', () => {
  it.each([
    ['https://Example.COM./', 'example.com'],
    ['https://bücher.example/', 'xn--bcher-kva.example'],
    ['http://2130706433/', '127.0.0.1'],
    ['http://0x7f000001/', '127.0.0.1'],
    ['http://0177.0.0.1/', '127.0.0.1'],
    ['http://0x7f.1/', '127.0.0.1'],
    ['http://127.1/', '127.0.0.1'],
    ['http://127.0.0.1./', '127.0.0.1'],
    ['http://0/', '0.0.0.0'],
    ['http://１２７.0.0.1/', '127.0.0.1'],
    ['http://[::1]/', '::1'],
    ['http://[::ffff:127.0.0.1]/', '::ffff:7f00:1'],
    ['http://[0:0:0:0:0:0:0:1]/', '::1'],
  ])('%s: %s', (url, host) => {
    expect(hostOf(new URL(url))).toBe(host);
  });
});
