import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { environmentSchema } from '#libs/config';

const lines = readFileSync(join(process.cwd(), '.env.example'), 'utf8').split('\n');
const entries = lines.flatMap((line, index) => {
  const match = /^([A-Z0-9_]+)=(.*)$/.exec(line);
  return match === null
    ? []
    : [{ name: match[1] ?? '', value: match[2] ?? '', comment: lines[index - 1] ?? '' }];
});

describe('.env.example', () => {
  test('lists exactly the variables of the schema, each once', () => {
    const names = entries.map(({ name }) => name);
    expect([...names].sort()).toEqual(Object.keys(environmentSchema.shape).sort());
  });

  test.each(entries)('explains $name in one comment line', ({ comment }) => {
    expect(comment).toMatch(/^# \S/);
  });

  test('shows the defaults that are really used', () => {
    const required = { DATABASE_URL: 'postgresql://localhost/sesame', SESAME_KEYS: 'a:b' };
    const given = Object.fromEntries(
      entries.filter(({ value }) => value !== '').map(({ name, value }) => [name, value]),
    );
    expect(environmentSchema.parse({ ...given, ...required })).toEqual(environmentSchema.parse(required));
  });
});
