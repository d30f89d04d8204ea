import { AwsError } from '../aws-error.js';
import { readParameters } from '../http/query-parameters.js';
import { queryXml } from '../http/query-xml.js';
import type { AwsService, RoutedCall } from '../http/service.js';
import { ANONYMOUS_CALLER } from '../iam/anonymous.js';
import { isStsRegion } from '../regions.js';
import { authorizationError } from './errors.js';
import { PUBLISH_OPERATIONS } from './publish-operation.js';
import type { SnsOperation } from './sns-call.js';
import { SUBSCRIPTION_OPERATIONS } from './subscription-operations.js';
import { TOPIC_OPERATIONS } from './topic-operations.js';

const xml = queryXml('http://sns.amazonaws.com/doc/2010-03-31/');

const OPERATIONS: Readonly<Record<string, SnsOperation>> = {
  ...TOPIC_OPERATIONS,
  ...SUBSCRIPTION_OPERATIONS,
  ...PUBLISH_OPERATIONS,
};

const READ_ONLY = /^(?:Get|List|Publish)/;

/** What a page that somebody clicked in a message may do: the links need no signature. */
const UNSIGNED = new Set(['ConfirmSubscription', 'Unsubscribe']);

export const isUnsignedSnsCall = (parameters: URLSearchParams): boolean =>
  UNSIGNED.has(parameters.get('Action') ?? '');

/** No message text and no token: a token confirms whoever holds it. */
const journalParameters = (form: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...form].filter(
      ([name]) => !/^(?:Action|Version|Message|Subject|Token|MessageAttributes\..*)$/.test(name),
    ),
  );

const route = (request: Parameters<AwsService['route']>[0]): RoutedCall => {
  const form = readParameters(request);
  const name = form.get('Action') ?? '';
  const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
  return {
    action: name === '' ? 'Unknown' : name,
    parameters: journalParameters(form),
    accounts: [],
    execute: (context) => {
      if (operation === undefined)
        throw new AwsError('InvalidAction', 400, `The action ${name} is not valid for this endpoint.`);
      const isAnonymous = context.caller === ANONYMOUS_CALLER;
      const result = operation({ ...context, form, isAnonymous });
      if (!READ_ONLY.test(name)) context.world.onChange();
      return xml.reply(name, result, context.requestId);
    },
  };
};

const faultError: AwsService['faultError'] = (kind, call, caller) => {
  switch (kind) {
    case 'throttle':
    case 'daily_quota':
      return new AwsError('Throttling', 400, 'Rate exceeded');
    case 'expired_token':
      return new AwsError('ExpiredToken', 403, 'The security token included in the request is expired');
    case 'access_denied':
      return authorizationError(
        `User: ${caller.arn} is not authorized to perform: SNS:${call.action} on resource: ${String(call.parameters['TopicArn'] ?? '*')} because no identity-based policy allows the SNS:${call.action} action`,
      );
    default:
      return new AwsError('InternalError', 500, null);
  }
};

/** Amazon SNS, Query protocol. */
export const snsService: AwsService = {
  name: 'sns',
  protocol: 'query',
  isRegion: isStsRegion,
  anonymous: (request) => {
    const parameters = readParameters(request);
    if (!isUnsignedSnsCall(parameters)) return null;
    const arn = parameters.get('TopicArn') ?? parameters.get('SubscriptionArn') ?? '';
    return { caller: ANONYMOUS_CALLER, region: arn.split(':')[3] ?? '' };
  },
  route,
  renderError: (error, requestId) => xml.errorReply(error, requestId),
  faultError,
};
