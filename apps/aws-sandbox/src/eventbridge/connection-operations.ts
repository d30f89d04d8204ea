import { randomUUID } from 'node:crypto';
import { anything, oneOf, optional, required, structure, text, type Infer } from '../sesv2/shape.js';
import type { Connection } from '../state/event-bus.js';
import { alreadyExists, notFound, validation } from './errors.js';
import { eventsArn, NAME, operation, type EventsCall } from './operation.js';

const apiKey = structure({
  // A header's name: printable ASCII without a colon.
  ApiKeyName: required(text({ min: 1, max: 512, pattern: /^[!-9;-~]+$/ })),
  ApiKeyValue: required(text({ min: 1, max: 512 })),
});
const basic = structure({ Username: required(text({ min: 1 })), Password: required(text({ min: 1 })) });
const authParameters = structure({
  ApiKeyAuthParameters: optional(apiKey),
  BasicAuthParameters: optional(basic),
  OAuthParameters: optional(anything()),
  InvocationHttpParameters: optional(anything()),
});
const authorizationType = oneOf('API_KEY', 'BASIC', 'OAUTH_CLIENT_CREDENTIALS');

const readHeader = (
  type: Infer<typeof authorizationType>,
  { ApiKeyAuthParameters: key, BasicAuthParameters: login }: Infer<typeof authParameters>,
): Connection['header'] => {
  if (type === 'API_KEY' && key !== undefined) return { name: key.ApiKeyName, value: key.ApiKeyValue };
  if (type === 'BASIC' && login !== undefined) {
    const encoded = Buffer.from(`${login.Username}:${login.Password}`).toString('base64');
    return { name: 'Authorization', value: `Basic ${encoded}` };
  }
  throw validation(
    type === 'OAUTH_CLIENT_CREDENTIALS'
      ? 'The sandbox knows API_KEY and BASIC only.'
      : `AuthParameters do not match the authorization type ${type}.`,
  );
};

// The ARN has a random tail, but a call knows the name only, and that is what permissions are about.
const resource = (call: EventsCall, { Name }: { readonly Name: string }): string =>
  eventsArn(call, `connection/${Name}`);

const requireConnection = (call: EventsCall, name: string): Connection => {
  const connection = call.bus.connections.get(name);
  if (connection === undefined)
    throw notFound(`Failed to describe the connection(s). Connection '${name}' does not exist.`);
  return connection;
};

const seconds = (ms: number): number => ms / 1000;

const state = (connection: Connection): Record<string, unknown> => ({
  ConnectionArn: connection.arn,
  ConnectionState: connection.state,
  CreationTime: seconds(connection.createdAt),
  LastModifiedTime: seconds(connection.modifiedAt),
});

const createConnection = operation({
  name: 'CreateConnection',
  input: structure({
    Name: required(text(NAME)),
    Description: optional(text({ max: 512 })),
    AuthorizationType: required(authorizationType),
    AuthParameters: required(authParameters),
  }),
  resource,
  run: (call, input) => {
    if (call.bus.connections.has(input.Name)) throw alreadyExists(`Connection ${input.Name} already exists.`);
    const connection: Connection = {
      name: input.Name,
      arn: eventsArn(call, `connection/${input.Name}/${randomUUID()}`),
      secretArn: `arn:aws:secretsmanager:${call.region}:${call.caller.accountId}:secret:events!connection/${input.Name}/${randomUUID()}`,
      createdAt: call.now,
      modifiedAt: call.now,
      description: input.Description ?? null,
      authorizationType: input.AuthorizationType,
      header: readHeader(input.AuthorizationType, input.AuthParameters),
      state: 'AUTHORIZED',
    };
    call.bus.connections.set(input.Name, connection);
    return state(connection);
  },
});

const updateConnection = operation({
  name: 'UpdateConnection',
  input: structure({
    Name: required(text(NAME)),
    Description: optional(text({ max: 512 })),
    AuthorizationType: optional(authorizationType),
    AuthParameters: optional(authParameters),
  }),
  resource,
  run: (call, input) => {
    const connection = requireConnection(call, input.Name);
    connection.authorizationType = input.AuthorizationType ?? connection.authorizationType;
    connection.description = input.Description ?? connection.description;
    if (input.AuthParameters !== undefined) {
      connection.header = readHeader(connection.authorizationType, input.AuthParameters);
      connection.state = 'AUTHORIZED';
    }
    connection.modifiedAt = call.now;
    return state(connection);
  },
});

const describeConnection = operation({
  name: 'DescribeConnection',
  input: structure({ Name: required(text(NAME)) }),
  resource,
  // The name of the key is shown, its value never again.
  run: (call, input) => {
    const connection = requireConnection(call, input.Name);
    return {
      ...state(connection),
      Name: connection.name,
      Description: connection.description ?? undefined,
      AuthorizationType: connection.authorizationType,
      SecretArn: connection.secretArn,
      AuthParameters:
        connection.authorizationType === 'API_KEY'
          ? { ApiKeyAuthParameters: { ApiKeyName: connection.header.name } }
          : {},
      LastAuthorizedTime: seconds(connection.modifiedAt),
    };
  },
});

const deleteConnection = operation({
  name: 'DeleteConnection',
  input: structure({ Name: required(text(NAME)) }),
  resource,
  run: (call, input) => {
    const connection = requireConnection(call, input.Name);
    call.bus.connections.delete(connection.name);
    return { ...state(connection), ConnectionState: 'DELETING' };
  },
});

const listConnections = operation({
  name: 'ListConnections',
  input: structure({ NamePrefix: optional(text()) }),
  resource: () => '*',
  run: (call, input) => ({
    Connections: [...call.bus.connections.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      .map((connection) => ({
        ...state(connection),
        Name: connection.name,
        AuthorizationType: connection.authorizationType,
      })),
  }),
});

export const CONNECTION_OPERATIONS = [
  createConnection,
  updateConnection,
  describeConnection,
  deleteConnection,
  listConnections,
];
