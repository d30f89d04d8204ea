import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { jobs, queueNames } from '#libs/queue';

const root = join(import.meta.dirname, '..', '..');

describe('the job catalog', () => {
  it.each(Object.keys(jobs))('%s has exactly one handler', (name) => {
    const consumers = readFileSync(join(root, 'apps', 'worker', 'src', 'consumers.ts'), 'utf8');
    expect(consumers.split(`'${name}':`)).toHaveLength(2);
  });

  it('uses every queue', () => {
    expect(new Set(Object.values(jobs).map(({ queue }) => queue))).toEqual(new Set(queueNames));
  });

  it('carries ids only', () => {
    for (const { schema } of Object.values(jobs)) {
      expect(Object.keys(schema.shape).filter((key) => !/(Id|purpose)$/.test(key))).toEqual([]);
    }
  });
});

describe('the sources', () => {
  const files = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter(
        (file) =>
          file.endsWith('.ts') &&
          !file.includes('.spec.') &&
          !file.includes('generated') &&
          // Generated too, from openapi.json.
          !file.endsWith('.d.ts') &&
          !file.startsWith('aws-sandbox') &&
          file.includes('/src/'),
      )
      .map((file) => `${folder}/${file}`),
  );
  const using = (pattern: RegExp, home: RegExp) =>
    files.filter((file) => !home.test(file) && pattern.test(readFileSync(join(root, file), 'utf8')));

  it.each([
    ['@aws-sdk', /from '@(aws-sdk|smithy)\//, /^libs\/aws\//],
    ['BullMQ and ioredis', /from '(bullmq|ioredis)'/, /^libs\/queue\//],
    ['process.env', /process\.env/, /^libs\/config\//],
    ['Prisma and SQL', /\.prisma\.|database\.query\(|sql\.query\(/, /\.repository\.ts$|^libs\/database\//],
  ])('%s stays in its one home', (_, pattern, home) => {
    expect(using(pattern, home)).toEqual([]);
  });

  it('has no file over 400 lines', () => {
    expect(files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400)).toEqual(
      [],
    );
  });
});
