import { describe, expect, it } from '@jest/globals';
import { AppError } from '#libs/errors';
import { createLogger } from './logger.js';

function lines(level = 'debug') {
  const written: string[] = [];
  const logger = createLogger(level, 'worker', (line) => written.push(line));
  return {
    logger,
    written,
    parsed: () => written.map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

const secret = 'PLANTED-SECRET';
const secretKeys = [
  'authorization', 'token', 'secret', 'password', 'credentials', 'sessionToken', 'secretAccessKey',
  'accessKeyId', 'keyRing', 'payload', 'html', 'text', 'subject', 'to', 'cc', 'bcc', 'body',
]; // prettier-ignore

describe('a log line', () => {
  it('is one line of JSON with event, level, service and time', () => {
    const { logger, written, parsed } = lines();
    logger.info('email.sent', { emailId: 'e-1', attempts: 2 });
    expect(written).toHaveLength(1);
    expect(written[0]).toMatch(/^[^\n]+\n$/);
    expect(parsed()[0]).toMatchObject({
      event: 'email.sent',
      level: 'info',
      service: 'worker',
      emailId: 'e-1',
      attempts: 2,
    });
    expect(String(parsed()[0]?.['at'])).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
    ['silent', []],
  ])('is written at level %s for %j', (level, expected) => {
    const { logger, parsed } = lines(level);
    for (const name of ['debug', 'info', 'warn', 'error'] as const) logger[name]('x');
    expect(parsed().map((line) => line['level'])).toEqual(expected);
  });

  it('stays one line whatever a value holds', () => {
    const { logger, written } = lines();
    logger.warn('x', { value: 'a\n{"event":"forged"}\r\n' });
    expect(written.join('').trimEnd().split('\n')).toHaveLength(1);
  });

  it.each(secretKeys)('redacts `%s`, at the top and one level down', (key) => {
    const { logger, written, parsed } = lines();
    logger.info('x', { [key]: secret, inner: { [key]: secret, kept: 'yes' } });
    logger.info('x', { [key]: { deep: secret }, inner: { [key]: [secret] } });
    expect(written.join('')).not.toContain(secret);
    expect(parsed()[0]).toMatchObject({ [key]: '[redacted]', inner: { [key]: '[redacted]', kept: 'yes' } });
  });

  it('leaves the caller’s object as it was', () => {
    const fields = { token: secret, inner: { token: secret } };
    lines().logger.info('x', fields);
    expect(fields).toEqual({ token: secret, inner: { token: secret } });
  });
});

/** What the AWS SDK throws: the raw answer, and with it bodies and addresses, hangs on the error. */
function sdkError(): Error {
  return Object.assign(new Error('Email address is not verified'), {
    name: 'MessageRejected',
    $fault: 'client',
    $metadata: { httpStatusCode: 400, requestId: 'req-1' },
    $response: { statusCode: 400, headers: { authorization: secret }, body: { data: secret } },
    input: { Content: secret },
  });
}

describe('a logged error', () => {
  it('shows name, code, message and stack', () => {
    const { logger, parsed } = lines();
    logger.error('x', { error: new AppError({ code: 'a.b', kind: 'internal', message: 'went wrong' }) });
    expect(parsed()[0]?.['error']).toMatchObject({
      name: 'AppError',
      code: 'a.b',
      message: 'went wrong',
      stack: expect.stringContaining('logger.spec'),
    });
  });

  it.each(['error', 'err'])('as `%s` shows nothing else of an SDK error', (key) => {
    const { logger, written, parsed } = lines();
    logger.error('x', { [key]: sdkError() });
    expect(written.join('')).not.toContain(secret);
    expect(written.join('')).not.toContain('$response');
    expect(parsed()[0]?.[key]).toMatchObject({
      name: 'MessageRejected',
      message: 'Email address is not verified',
    });
  });

  it('shows nothing of its cause', () => {
    const { logger, written } = lines();
    logger.error('x', { error: new Error('outer', { cause: sdkError() }) });
    logger.error('x', { error: new AggregateError([sdkError()], 'many') });
    expect(written.join('')).not.toContain(secret);
  });

  it.each([
    ['text', 'plain', 'plain'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, '7'],
    ['an object, without its content', { token: secret }, '[object Object]'],
  ])('may be %s', (_, thrown, message) => {
    const { logger, written, parsed } = lines();
    logger.error('x', { error: thrown });
    expect(written.join('')).not.toContain(secret);
    if (thrown !== undefined) expect(parsed()[0]?.['error']).toEqual({ message });
    expect(parsed()[0]?.['event']).toBe('x');
  });
});
