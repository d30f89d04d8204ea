import { pino } from 'pino';

type Fields = Readonly<Record<string, unknown>>;

/**
 * One event per fact (`email.sent`), as one line of JSON. Values are ids, counts, codes and durations; the
 * redaction below is a net under that rule, not a licence to log bodies, addresses or credentials.
 */
export abstract class Logger {
  abstract debug(event: string, fields?: Fields): void;
  abstract info(event: string, fields?: Fields): void;
  abstract warn(event: string, fields?: Fields): void;
  abstract error(event: string, fields?: Fields): void;
}

const secretKeys = [
  'authorization',
  'token',
  'secret',
  'password',
  'credentials',
  'sessionToken',
  'secretAccessKey',
  'accessKeyId',
  'keyRing',
  'payload',
  'html',
  'text',
  'subject',
  'to',
  'cc',
  'bcc',
  'body',
];

/** @param write where lines go; standard output unless a test collects them. */
export function createLogger(level: string, service: string, write?: (line: string) => void): Logger {
  const paths = secretKeys.flatMap((key) => [key, `*.${key}`]);
  const options = {
    level,
    base: { service, pid: process.pid },
    timestamp: () => `,"at":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    messageKey: 'event',
    redact: { paths, censor: '[redacted]' },
    // `err` is pino's own name, whose serializer would copy every property.
    serializers: { error: serializeError, err: serializeError },
  };
  const sink = write === undefined ? pino(options) : pino(options, { write });
  const at = (name: 'debug' | 'info' | 'warn' | 'error') => (event: string, fields?: Fields) =>
    sink[name](fields ?? {}, event);
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}

/** Name, code, message and stack: never the properties that SDK errors carry (`$response` holds bodies). */
function serializeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const code = 'code' in error ? error.code : undefined;
  return { name: error.name, code, message: error.message, stack: error.stack };
}
