import { AwsError } from '../aws-error.js';
import type { AwsService, CallContext, RoutedCall } from '../http/service.js';
import { jsonReply, type Reply } from '../http/reply.js';
import { isSesRegion } from '../regions.js';
import { authorizeControlPlane } from './authorize.js';
import { accessDenied, DAILY_QUOTA_EXCEEDED, RATE_EXCEEDED, tooManyRequests } from './errors.js';
import type { SesCall, SesOperation } from './operation.js';
import { SES_OPERATIONS } from './operations.js';
import { gatherInput, Router, type Match } from './router.js';
import { readInput } from './shape.js';

const router = new Router(SES_OPERATIONS);

const CONTROL_PLANE_INTERVAL_MS = 1000;

const throttleControlPlane = (call: SesCall, operation: SesOperation): void => {
  if (!call.world.settings.control_plane_throttle || operation.isSend) return;
  const last = call.ses.lastControlCall.get(operation.name);
  if (last !== undefined && call.now - last < CONTROL_PLANE_INTERVAL_MS)
    throw tooManyRequests('Rate exceeded');
  call.ses.lastControlCall.set(operation.name, call.now);
};

/** JSON shape → required members → IAM → the operation's own rules. */
const execute = (match: Match, context: CallContext): Reply => {
  const { operation, labels } = match;
  const ses = context.world.ses(context.caller.accountId, context.region);
  const call: SesCall = { ...context, ses };
  const input = readInput(operation.input, gatherInput(context.request, match));
  for (const [label, value] of Object.entries(labels)) context.parameters[label] = value;
  if (!operation.isSend) authorizeControlPlane(call, operation.access(call, input));
  throttleControlPlane(call, operation);
  const output = operation.run(call, input) ?? {};
  if (context.request.method !== 'GET' && !operation.isSend) context.world.onChange();
  return jsonReply(200, output);
};

const route = (request: Parameters<AwsService['route']>[0]): RoutedCall => {
  const match = router.find(request.method, request.rawPath);
  if (match === null) {
    return {
      action: 'Unknown',
      parameters: { path: request.rawPath },
      accounts: [],
      execute: () => {
        throw new AwsError('UnknownOperationException', 404, null);
      },
    };
  }
  return {
    action: match.operation.name,
    parameters: {},
    accounts: [],
    execute: (context) => execute(match, context),
  };
};

const isSendAction = (action: string): boolean =>
  SES_OPERATIONS.some((operation) => operation.isSend && operation.name === action);

const faultError: AwsService['faultError'] = (kind, call, caller) => {
  switch (kind) {
    case 'throttle':
      return tooManyRequests(isSendAction(call.action) ? RATE_EXCEEDED : 'Rate exceeded');
    case 'daily_quota':
      return tooManyRequests(DAILY_QUOTA_EXCEEDED);
    case 'expired_token':
      return new AwsError(
        'ExpiredTokenException',
        403,
        'The security token included in the request is expired',
      );
    case 'access_denied':
      return accessDenied(
        `User: ${caller.arn} is not authorized to perform: ses:${call.action} on resource: * because no identity-based policy allows the ses:${call.action} action`,
      );
    case 'concurrent_modification':
      // 500, although it is the customer's own concurrency.
      return new AwsError(
        'ConcurrentModificationException',
        500,
        'The resource is being modified by another operation.',
      );
    default:
      return new AwsError('InternalFailure', 500, null);
  }
};

const errorBody = (text: string | null, key: 'message' | 'Message' | 'none'): Record<string, string> =>
  text === null || key === 'none' ? {} : { [key]: text };

/** Amazon SES API v2, REST-JSON protocol. */
export const sesService: AwsService = {
  name: 'ses',
  protocol: 'rest-json',
  isRegion: isSesRegion,
  route,
  renderError: (error, _requestId, settings) =>
    jsonReply(error.status, errorBody(error.text, settings.error_message_key), {
      'x-amzn-errortype': error.code,
    }),
  faultError,
};
