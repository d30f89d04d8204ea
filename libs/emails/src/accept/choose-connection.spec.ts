import { describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { chooseConnection } from './choose-connection.js';
import type { SendingConnection } from './sending-connections.repository.js';

/** `active`, `-pending` (never proven) … in the order of their making; ids are their places. */
const listOf = (...states: string[]): SendingConnection[] =>
  states.map((state, index) => ({
    id: `c${index}`,
    status: state.replace('-', ''),
    isProven: !state.startsWith('-'),
  }));

describe('chooseConnection gives', () => {
  it.each<[string, SendingConnection[], string | undefined, string]>([
    ['the only one', listOf('active'), undefined, 'c0'],
    ['the oldest that sends', listOf('active', 'active'), undefined, 'c0'],
    ['a degraded one, for it sends', listOf('degraded', 'active'), undefined, 'c0'],
    [
      'one that sends before an older one that does not',
      listOf('broken', 'paused', 'active'),
      undefined,
      'c2',
    ],
    ['the oldest proven one when none sends', listOf('paused', 'broken'), undefined, 'c0'],
    ['a proven one before one that never was', listOf('-pending', 'paused'), undefined, 'c1'],
    ['the one asked for', listOf('active', 'active'), 'c1', 'c1'],
    ['the one asked for, even when it is paused', listOf('active', 'paused'), 'c1', 'c1'],
  ])('%s', (_, connections, wanted, expected) => {
    expect(chooseConnection(connections, wanted)).toBe(expected);
  });
});

describe('chooseConnection refuses', () => {
  it.each<[string, SendingConnection[], string | undefined, object]>([
    ['a project without any', [], undefined, { code: 'email.no_connection', kind: 'forbidden' }],
    [
      'a project with none that was proven',
      listOf('-pending', '-verifying'),
      undefined,
      { code: 'email.connection_not_proven', kind: 'forbidden' },
    ],
    [
      'one that says active and was never proven',
      listOf('-active'),
      undefined,
      { code: 'email.connection_not_proven', kind: 'forbidden' },
    ],
    [
      'an unknown one',
      listOf('active'),
      'c9',
      { code: 'email.unknown_connection', kind: 'invalid', field: 'connection_id' },
    ],
    [
      'an unknown one of an empty project',
      [],
      'c9',
      { code: 'email.unknown_connection', kind: 'invalid', field: 'connection_id' },
    ],
    [
      'one asked for that was never proven',
      listOf('active', '-pending'),
      'c1',
      { code: 'email.connection_not_proven', kind: 'forbidden' },
    ],
  ])('%s', (_, connections, wanted, expected) => {
    let error: unknown;
    try {
      chooseConnection(connections, wanted);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject(expected);
  });

  it('with words on what to do next', () => {
    for (const connections of [[], listOf('-pending')]) {
      expect(() => chooseConnection(connections, undefined)).toThrow(
        expect.objectContaining({ remedy: expect.stringContaining('/v1/') }) as unknown as Error,
      );
    }
  });
});
