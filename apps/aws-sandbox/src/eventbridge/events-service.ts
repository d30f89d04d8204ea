import { AwsError } from '../aws-error.js';
import { header, type RawRequest } from '../http/request.js';
import type { AwsService } from '../http/service.js';
import { isStsRegion } from '../regions.js';
import { API_DESTINATION_OPERATIONS } from './api-destination-operations.js';
import { CONNECTION_OPERATIONS } from './connection-operations.js';
import { accessDenied } from './errors.js';
import type { EventsOperation } from './operation.js';
import { RULE_OPERATIONS } from './rule-operations.js';

const OPERATIONS: ReadonlyMap<string, EventsOperation> = new Map(
  [...RULE_OPERATIONS, ...CONNECTION_OPERATIONS, ...API_DESTINATION_OPERATIONS].map((operation) => [
    operation.name,
    operation,
  ]),
);

const TARGET = /^AWSEvents\.(\w+)$/;
const JSON_TYPE = 'application/x-amz-json-1.1';

export const isEventsCall = (request: RawRequest): boolean =>
  TARGET.test(header(request, 'x-amz-target') ?? '');

const parse = (request: RawRequest): Record<string, unknown> | null => {
  try {
    return JSON.parse(request.body.toString('utf8')) as Record<string, unknown>;
  } catch {
    return null;
  }
};

/** Amazon EventBridge, AWS JSON 1.1. Every refusal is a 400, also for credentials. */
export const eventsService: AwsService = {
  name: 'events',
  protocol: 'json',
  isRegion: isStsRegion,
  route: (request) => {
    const action = TARGET.exec(header(request, 'x-amz-target') ?? '')?.[1] ?? '';
    const operation = OPERATIONS.get(action);
    const body = parse(request);
    // Authorisation parameters hold the key.
    const { AuthParameters: _secret, ...parameters } = body ?? {};
    return {
      action: action === '' ? 'Unknown' : action,
      parameters,
      accounts: [],
      execute: (context) => {
        if (operation === undefined) throw new AwsError('UnknownOperationException', 400, null);
        if (body === null) throw new AwsError('SerializationException', 400, null);
        const bus = context.world.eventBus(context.caller.accountId, context.region);
        const output = operation.run({ ...context, bus }, body);
        if (!/^(?:Describe|List)/.test(action)) context.world.onChange();
        return { status: 200, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(output) };
      },
    };
  },
  renderError: (error) => ({
    status: error.status === 403 ? 400 : error.status,
    headers: { 'content-type': JSON_TYPE },
    body: JSON.stringify({ __type: error.code, message: error.text ?? undefined }),
  }),
  faultError: (kind, call, caller) => {
    switch (kind) {
      case 'throttle':
      case 'daily_quota':
        return new AwsError('ThrottlingException', 400, 'Rate exceeded');
      case 'expired_token':
        return new AwsError(
          'ExpiredTokenException',
          400,
          'The security token included in the request is expired',
        );
      case 'access_denied':
        return accessDenied(
          `User: ${caller.arn} is not authorized to perform: events:${call.action} on resource: * because no identity-based policy allows the events:${call.action} action`,
        );
      case 'concurrent_modification':
        return new AwsError(
          'ConcurrentModificationException',
          400,
          'There is concurrent modification on a rule, target, archive, or replay.',
        );
      default:
        return new AwsError('InternalException', 500, null);
    }
  },
};
