import { describe, expect, it } from '@jest/globals';
import { isSameOrigin } from './same-origin.js';

const own = 'https://sesame.example';

describe('isSameOrigin', () => {
  it.each([
    ['our own page', own, 'same-origin', true],
    ['our own page in an old browser', own, undefined, true],
    ['a form of ours without Origin', undefined, 'same-origin', true],
    ['another site', 'https://evil.example', 'cross-site', false],
    ['another site in an old browser', 'https://evil.example', undefined, false],
    ['a sibling of our site', 'https://other.sesame.example', 'same-site', false],
    ['our host on another port', 'https://sesame.example:8443', undefined, false],
    ['our host without TLS', 'http://sesame.example', undefined, false],
    ['a sandboxed frame', 'null', 'cross-site', false],
    ['headers that contradict each other', own, 'cross-site', false],
    ['no browser', undefined, undefined, false],
  ])('%s: %s, %s → %s', (_, origin, secFetchSite, expected) => {
    expect(isSameOrigin({ origin, secFetchSite }, own)).toBe(expected);
  });
});
