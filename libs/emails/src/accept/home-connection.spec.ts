import { describe, expect, it } from '@jest/globals';
import { homeConnection } from './home-connection.js';
import type { SendingDomain } from './sending-connections.repository.js';

const domainsOf = (states: Record<string, string>): ReadonlyMap<string, SendingDomain> =>
  new Map(
    Object.entries(states).map(([name, status]) => [
      name,
      { id: `d-${name}`, connectionId: `c-${name}`, status },
    ]),
  );

describe('homeConnection gives', () => {
  it.each<[string, Record<string, string>, string, string | undefined, string | undefined]>([
    ['nothing without domains', {}, 'a.com', undefined, undefined],
    ['nothing for a domain that was not added', { 'b.com': 'verified' }, 'a.com', undefined, undefined],
    [
      'the connection of the domain',
      { 'a.com': 'verified', 'b.com': 'verified' },
      'b.com',
      undefined,
      'c-b.com',
    ],
    [
      'that of one whose MAIL FROM is missing',
      { 'a.com': 'partially_verified' },
      'a.com',
      undefined,
      'c-a.com',
    ],
    ['that of a verified parent', { 'a.com': 'verified' }, 'x.y.a.com', undefined, 'c-a.com'],
    [
      'the nearest parent',
      { 'a.com': 'verified', 'y.a.com': 'verified' },
      'x.y.a.com',
      undefined,
      'c-y.a.com',
    ],
    [
      'a farther parent when the near one is pending',
      { 'a.com': 'verified', 'y.a.com': 'pending' },
      'x.y.a.com',
      undefined,
      'c-a.com',
    ],
    ['nothing when the parent is not verified', { 'a.com': 'pending' }, 'x.a.com', undefined, undefined],
    ['nothing for a name that only ends alike', { 'a.com': 'verified' }, 'bua.com', undefined, undefined],
    [
      'its own although the parent is elsewhere',
      { 'a.com': 'verified', 'm.a.com': 'verified' },
      'm.a.com',
      undefined,
      'c-m.a.com',
    ],
    [
      'nothing when another connection is asked for, which may know it',
      { 'a.com': 'pending' },
      'a.com',
      'other',
      undefined,
    ],
  ])('%s', (_, states, from, wanted, expected) => {
    expect(homeConnection(domainsOf(states), from, wanted)).toBe(expected);
  });
});

describe('homeConnection refuses', () => {
  it.each(['not_started', 'pending', 'failed', 'temporary_failure'])('a domain that is %s', (status) => {
    for (const wanted of [undefined, 'c-a.com'])
      expect(() => homeConnection(domainsOf({ 'a.com': status }), 'a.com', wanted)).toThrow(
        expect.objectContaining({
          code: 'email.domain_not_verified',
          kind: 'forbidden',
          message: expect.stringContaining('The `a.com` domain is not verified.') as unknown,
          remedy: expect.stringContaining('GET /domains/d-a.com') as unknown,
        }) as unknown as Error,
      );
  });

  it('a domain whose sending is switched off, although its parent is verified', () => {
    expect(() =>
      homeConnection(domainsOf({ 'm.a.com': 'disabled', 'a.com': 'verified' }), 'm.a.com', undefined),
    ).toThrow(expect.objectContaining({ code: 'email.domain_disabled' }) as unknown as Error);
  });
});
