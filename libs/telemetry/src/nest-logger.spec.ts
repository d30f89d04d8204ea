import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.js';
import { NestLogger } from './nest-logger.js';

describe('Nest’s own messages', () => {
  const written: Record<string, unknown>[] = [];
  const nest = new NestLogger(
    createLogger('debug', 'api', (line) => written.push(JSON.parse(line) as Record<string, unknown>)),
  );

  it.each<[string, () => void, object]>([
    [
      'log',
      () => nest.log('Mapped {/x, GET}', 'Router'),
      { level: 'debug', message: 'Mapped {/x, GET}', context: 'Router' },
    ],
    ['warn', () => nest.warn('careful', 'Core'), { level: 'warn', message: 'careful', context: 'Core' }],
    [
      'error',
      () => nest.error('broken', 'at x', 'Core'),
      { level: 'error', message: 'broken', stack: 'at x', context: 'Core' },
    ],
    ['an Error', () => nest.error(new Error('thrown')), { level: 'error', message: 'thrown' }],
  ])('%s become lines of the same log', (_, write, expected) => {
    written.length = 0;
    write();
    expect(written).toHaveLength(1);
    expect(written[0]).toMatchObject({ event: 'nest', service: 'api', ...expected });
  });
});
