import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '#libs/config';
import { Visitors } from './visitors.js';

const visitors = (perIp = '2') =>
  new Visitors(
    loadConfig({ DATABASE_URL: 'postgres://x/y', SESAME_KEYS: 'k', SMTP_MAX_CONNECTIONS_PER_IP: perIp }),
  );

describe('Visitors', () => {
  it('lets an address have so many connections, and another when one has gone', () => {
    const door = visitors();
    door.enter('a', '10.0.0.1');
    door.enter('b', '10.0.0.1');
    expect(() => door.enter('c', '10.0.0.1')).toThrow('4.7.0 Too many connections');
    door.enter('d', '10.0.0.2');
    door.leave('c');
    expect(() => door.enter('c', '10.0.0.1')).toThrow('Too many connections');
    door.leave('a');
    door.leave('a');
    door.enter('e', '10.0.0.1');
    expect(() => door.enter('f', '10.0.0.1')).toThrow('Too many connections');
  });

  it('ends a connection at its third wrong key', () => {
    const door = visitors();
    door.enter('a', '10.0.0.1');
    door.failed('a', '10.0.0.1');
    door.failed('a', '10.0.0.1');
    expect(() => door.failed('a', '10.0.0.1')).toThrow('4.7.0 Too many failed logins');
    door.leave('a');
    door.enter('a', '10.0.0.1');
    door.failed('a', '10.0.0.1');
  });

  it('turns an address away that guesses on many connections, and no other', () => {
    const door = visitors('100');
    for (let index = 0; index < 20; index++) {
      door.mayLogIn('10.0.0.1');
      door.failed(`c${index}`, '10.0.0.1');
    }
    expect(() => door.mayLogIn('10.0.0.1')).toThrow('4.7.0 Too many failed logins');
    door.mayLogIn('10.0.0.2');
  });
});
