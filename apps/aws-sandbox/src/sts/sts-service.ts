import { AwsError } from '../aws-error.js';
import type { AwsService, CallContext, RoutedCall } from '../http/service.js';
import { isStsRegion } from '../regions.js';
import type { FaultKind } from '../state/faults.js';
import { assumeRole } from './assume-role.js';
import { readAssumeRole } from './assume-role-parameters.js';
import { getSessionToken } from './get-session-token.js';
import { readList, readParameters } from '../http/query-parameters.js';
import { queryErrorReply, queryReply, type XmlValue } from './xml.js';

type StsOperation = (context: CallContext, parameters: URLSearchParams) => XmlValue;

const VERSION = '2011-06-15';

const OPERATIONS: Readonly<Record<string, StsOperation>> = {
  AssumeRole: (context, parameters) => assumeRole(context, readAssumeRole(parameters)),
  GetCallerIdentity: ({ caller }) => ({ UserId: caller.userId, Account: caller.accountId, Arn: caller.arn }),
  GetSessionToken: getSessionToken,
};

/** What the journal keeps of a call. The external id's value stays out: only whether one came. */
const journalParameters = (action: string, parameters: URLSearchParams): Record<string, unknown> => {
  if (action !== 'AssumeRole') return {};
  const duration = parameters.get('DurationSeconds');
  const optional = (name: string): Record<string, string> => {
    const value = parameters.get(name);
    return value === null ? {} : { [name]: value };
  };
  const tagKeys = readList(parameters, 'Tags', '.Key');
  const policyArns = readList(parameters, 'PolicyArns', '.arn');
  return {
    ...optional('RoleArn'),
    ...optional('RoleSessionName'),
    DurationSeconds: duration === null ? null : Number(duration),
    has_external_id: parameters.has('ExternalId'),
    ...optional('Policy'),
    ...optional('SourceIdentity'),
    ...(policyArns.length > 0 ? { PolicyArns: policyArns } : {}),
    ...(tagKeys.length > 0 ? { TagKeys: tagKeys } : {}),
  };
};

const route = (request: Parameters<AwsService['route']>[0]): RoutedCall => {
  const parameters = readParameters(request);
  const name = parameters.get('Action') ?? '';
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  if (operation === undefined || parameters.get('Version') !== VERSION) {
    const text = `Could not find operation ${name || '(none)'} for version ${parameters.get('Version') ?? 'NO_VERSION_SPECIFIED'}`;
    return {
      action: name === '' ? 'Unknown' : name,
      parameters: {},
      accounts: [],
      execute: () => {
        throw new AwsError('InvalidAction', 400, text);
      },
    };
  }
  const roleAccount = /^arn:aws:iam::(\d{12}):/.exec(parameters.get('RoleArn') ?? '')?.[1];
  return {
    action: name,
    parameters: journalParameters(name, parameters),
    accounts: roleAccount === undefined ? [] : [roleAccount],
    execute: (context) => queryReply(name, operation(context, parameters), context.requestId),
  };
};

const faultError: AwsService['faultError'] = (kind: FaultKind, call, caller) => {
  switch (kind) {
    case 'throttle':
    case 'daily_quota':
      // STS throttles with 400, not with 429.
      return new AwsError('Throttling', 400, 'Rate exceeded');
    case 'expired_token':
      return new AwsError('ExpiredToken', 403, 'The security token included in the request is expired');
    case 'access_denied':
      return new AwsError(
        'AccessDenied',
        403,
        `User: ${caller.arn} is not authorized to perform: sts:${call.action} on resource: ${String(call.parameters['RoleArn'] ?? '*')}`,
      );
    default:
      return new AwsError(
        'InternalFailure',
        500,
        'The request processing has failed because of an unknown error, exception or failure.',
      );
  }
};

/** AWS STS, Query protocol. */
export const stsService: AwsService = {
  name: 'sts',
  protocol: 'query',
  isRegion: isStsRegion,
  route,
  renderError: (error, requestId) => queryErrorReply(error, requestId),
  faultError,
};
