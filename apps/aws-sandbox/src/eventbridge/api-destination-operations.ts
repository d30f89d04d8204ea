import { randomUUID } from 'node:crypto';
import { isCallable } from '../http/endpoint-client.js';
import { integer, oneOf, optional, required, structure, text } from '../sesv2/shape.js';
import type { ApiDestination } from '../state/event-bus.js';
import { alreadyExists, notFound, validation } from './errors.js';
import { eventsArn, NAME, operation, type EventsCall } from './operation.js';

const DEFAULT_RATE = 300;
const method = oneOf('POST', 'GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE');

const resource = (call: EventsCall, { Name }: { readonly Name: string }): string =>
  eventsArn(call, `api-destination/${Name}`);

const requireDestination = (call: EventsCall, name: string): ApiDestination => {
  const destination = call.bus.apiDestinations.get(name);
  if (destination === undefined)
    throw notFound(`Failed to describe the api-destination(s). Api-destination '${name}' does not exist.`);
  return destination;
};

/** AWS takes https:// only; here also an endpoint on this machine. */
const checkEndpoint = (endpoint: string): void => {
  if (!URL.canParse(endpoint) || !isCallable(new URL(endpoint)))
    throw validation(`Parameter ${endpoint} is not valid. Reason: Provided endpoint must use HTTPS.`);
};

const checkConnection = (call: EventsCall, arn: string): void => {
  if (![...call.bus.connections.values()].some((connection) => connection.arn === arn))
    throw notFound(`Connection ${arn} does not exist.`);
};

const state = (destination: ApiDestination): Record<string, unknown> => ({
  ApiDestinationArn: destination.arn,
  ApiDestinationState: 'ACTIVE',
  CreationTime: destination.createdAt / 1000,
  LastModifiedTime: destination.modifiedAt / 1000,
});

const createApiDestination = operation({
  name: 'CreateApiDestination',
  input: structure({
    Name: required(text(NAME)),
    Description: optional(text({ max: 512 })),
    ConnectionArn: required(text({ min: 1, max: 1600 })),
    InvocationEndpoint: required(text({ min: 1, max: 2048 })),
    HttpMethod: required(method),
    InvocationRateLimitPerSecond: optional(integer()),
  }),
  resource,
  run: (call, input) => {
    if (call.bus.apiDestinations.has(input.Name))
      throw alreadyExists(`An api-destination '${input.Name}' already exists.`);
    checkConnection(call, input.ConnectionArn);
    checkEndpoint(input.InvocationEndpoint);
    const destination: ApiDestination = {
      name: input.Name,
      arn: eventsArn(call, `api-destination/${input.Name}/${randomUUID()}`),
      createdAt: call.now,
      modifiedAt: call.now,
      description: input.Description ?? null,
      connectionArn: input.ConnectionArn,
      invocationEndpoint: input.InvocationEndpoint,
      httpMethod: input.HttpMethod,
      invocationRateLimitPerSecond: input.InvocationRateLimitPerSecond ?? DEFAULT_RATE,
    };
    call.bus.apiDestinations.set(input.Name, destination);
    return state(destination);
  },
});

const updateApiDestination = operation({
  name: 'UpdateApiDestination',
  input: structure({
    Name: required(text(NAME)),
    Description: optional(text({ max: 512 })),
    ConnectionArn: optional(text({ min: 1, max: 1600 })),
    InvocationEndpoint: optional(text({ min: 1, max: 2048 })),
    HttpMethod: optional(method),
    InvocationRateLimitPerSecond: optional(integer()),
  }),
  resource,
  run: (call, input) => {
    const destination = requireDestination(call, input.Name);
    if (input.ConnectionArn !== undefined) checkConnection(call, input.ConnectionArn);
    if (input.InvocationEndpoint !== undefined) checkEndpoint(input.InvocationEndpoint);
    destination.connectionArn = input.ConnectionArn ?? destination.connectionArn;
    destination.invocationEndpoint = input.InvocationEndpoint ?? destination.invocationEndpoint;
    destination.httpMethod = input.HttpMethod ?? destination.httpMethod;
    destination.description = input.Description ?? destination.description;
    destination.invocationRateLimitPerSecond =
      input.InvocationRateLimitPerSecond ?? destination.invocationRateLimitPerSecond;
    destination.modifiedAt = call.now;
    return state(destination);
  },
});

const describeApiDestination = operation({
  name: 'DescribeApiDestination',
  input: structure({ Name: required(text(NAME)) }),
  resource,
  run: (call, input) => {
    const destination = requireDestination(call, input.Name);
    return {
      ...state(destination),
      Name: destination.name,
      Description: destination.description ?? undefined,
      ConnectionArn: destination.connectionArn,
      InvocationEndpoint: destination.invocationEndpoint,
      HttpMethod: destination.httpMethod,
      InvocationRateLimitPerSecond: destination.invocationRateLimitPerSecond,
    };
  },
});

const deleteApiDestination = operation({
  name: 'DeleteApiDestination',
  input: structure({ Name: required(text(NAME)) }),
  resource,
  run: (call, input) => {
    call.bus.apiDestinations.delete(requireDestination(call, input.Name).name);
  },
});

const listApiDestinations = operation({
  name: 'ListApiDestinations',
  input: structure({ NamePrefix: optional(text()) }),
  resource: () => '*',
  run: (call, input) => ({
    ApiDestinations: [...call.bus.apiDestinations.values()]
      .filter(({ name }) => name.startsWith(input.NamePrefix ?? ''))
      .map((destination) => ({
        ...state(destination),
        Name: destination.name,
        ConnectionArn: destination.connectionArn,
        InvocationEndpoint: destination.invocationEndpoint,
        HttpMethod: destination.httpMethod,
      })),
  }),
});

export const API_DESTINATION_OPERATIONS = [
  createApiDestination,
  updateApiDestination,
  describeApiDestination,
  deleteApiDestination,
  listApiDestinations,
];
