import { AppError } from '#libs/errors';
import type { SendingConnection } from './sending-connections.repository.js';

const sendsNow = new Set(['active', 'degraded']);

/**
 * Which connection an email goes through: the one it asks for, else the oldest that sends now, else the oldest that
 * was proven once (its mail waits until it is mended or resumed).
 *
 * @throws AppError when the project has none, or the one asked for is not a proven one of its own
 */
export function chooseConnection(
  connections: readonly SendingConnection[],
  wanted: string | undefined,
): string {
  if (wanted !== undefined) {
    const connection = connections.find(({ id }) => id === wanted);
    if (connection === undefined) {
      throw new AppError({
        code: 'email.unknown_connection',
        kind: 'invalid',
        field: 'connection_id',
        message: 'Invalid `connection_id` field. This project has no such connection.',
      });
    }
    if (!connection.isProven) throw notProven();
    return connection.id;
  }
  const proven = connections.filter(({ isProven }) => isProven);
  const chosen = proven.find(({ status }) => sendsNow.has(status)) ?? proven[0];
  if (chosen !== undefined) return chosen.id;
  throw connections.length === 0 ? noConnection() : notProven();
}

function noConnection(): AppError {
  return new AppError({
    code: 'email.no_connection',
    kind: 'forbidden',
    message: 'This project is not connected to Amazon SES yet.',
    remedy:
      'Create a connection (POST /v1/projects/{id}/connections), make the role of its kit and set its `role_arn`.',
  });
}

function notProven(): AppError {
  return new AppError({
    code: 'email.connection_not_proven',
    kind: 'forbidden',
    message: 'The connection to Amazon SES has not passed its checks yet.',
    remedy:
      'See the `checks` of the connection (GET /v1/connections/{id}): each failed one says what to paste.',
  });
}
