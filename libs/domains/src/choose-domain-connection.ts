import { isSesRegion, sesRegions } from '#libs/aws';
import type { Connection } from '#libs/connections';
import { AppError } from '#libs/errors';

type Candidate = Pick<Connection, 'id' | 'region' | 'status' | 'verifiedAt' | 'disconnectedAt'>;

export interface WantedPlace {
  connectionId?: string | undefined;
  region?: string | undefined;
}

/**
 * The connection in whose account and region a domain is made: the one asked for, else the oldest proven one of the
 * region, else the oldest proven one.
 *
 * @param connections of the project, oldest first
 * @throws AppError `domain.invalid_region`, `domain.unknown_connection`, `domain.connection_not_proven`, `domain.no_connection`
 */
export function chooseDomainConnection(
  connections: readonly Candidate[],
  { connectionId, region }: WantedPlace,
): { id: string; region: string } {
  const present = connections.filter(({ disconnectedAt }) => disconnectedAt === null);
  if (region !== undefined && !isSesRegion(region))
    throw invalidRegion(`\`${region}\` is not a region with Amazon SES.`, sesRegions);
  const chosen =
    connectionId === undefined ? inRegion(present, region) : asked(present, connectionId, region);
  if (chosen.length === 0) throw present.length === 0 ? noConnection() : notInRegion(present, region ?? '');
  const proven = chosen.find(({ verifiedAt }) => verifiedAt !== null);
  if (proven === undefined) throw notProven();
  return { id: proven.id, region: proven.region };
}

function inRegion(connections: readonly Candidate[], region: string | undefined): readonly Candidate[] {
  return region === undefined ? connections : connections.filter((each) => each.region === region);
}

function asked(
  connections: readonly Candidate[],
  connectionId: string,
  region: string | undefined,
): readonly Candidate[] {
  const connection = connections.find(({ id }) => id === connectionId);
  if (connection === undefined) {
    throw new AppError({
      code: 'domain.unknown_connection',
      kind: 'invalid',
      field: 'connection_id',
      message: 'Invalid `connection_id` field. This project has no such connection.',
    });
  }
  if (region !== undefined && connection.region !== region)
    throw invalidRegion(`The connection is in ${connection.region}.`, [connection.region]);
  return [connection];
}

function notInRegion(connections: readonly Candidate[], region: string): AppError {
  return invalidRegion(
    `This project has no connection in ${region}.`,
    [...new Set(connections.map((each) => each.region))],
    ' To send from another region, create a connection in it (POST /v1/projects/{id}/connections).',
  );
}

function invalidRegion(problem: string, possible: readonly string[], more = ''): AppError {
  return new AppError({
    code: 'domain.invalid_region',
    kind: 'invalid_region',
    field: 'region',
    message: `Invalid \`region\` field. ${problem}`,
    remedy: `One of: ${possible.join(', ')}.${more}`,
  });
}

function noConnection(): AppError {
  return new AppError({
    code: 'domain.no_connection',
    kind: 'forbidden',
    message: 'This project is not connected to Amazon SES yet, so there is no account to add the domain to.',
    remedy:
      'Create a connection (POST /v1/projects/{id}/connections), make the role of its kit and set its `role_arn`.',
  });
}

function notProven(): AppError {
  return new AppError({
    code: 'domain.connection_not_proven',
    kind: 'forbidden',
    message: 'The connection to Amazon SES has not passed its checks yet.',
    remedy:
      'See the `checks` of the connection (GET /v1/connections/{id}): each failed one says what to paste.',
  });
}
