import { AwsError } from '../aws-error.js';
import { readParameters } from '../http/query-parameters.js';
import { queryXml } from '../http/query-xml.js';
import type { Reply } from '../http/reply.js';
import { header, type RawRequest } from '../http/request.js';
import type { AwsService, RoutedCall } from '../http/service.js';
import { isStsRegion } from '../regions.js';
import type { FaultKind } from '../state/faults.js';
import { accessDenied, SqsError } from './errors.js';
import { MESSAGE_OPERATIONS } from './message-operations.js';
import { inputFromForm, resultXml } from './query-form.js';
import { QUEUE_OPERATIONS } from './queue-operations.js';
import type { SqsInput, SqsOperation, SqsOutput } from './sqs-call.js';

const xml = queryXml('http://queue.amazonaws.com/doc/2012-11-05/');

const OPERATIONS: Readonly<Record<string, SqsOperation>> = { ...QUEUE_OPERATIONS, ...MESSAGE_OPERATIONS };

/** What changes no more than messages is saved at the pace of messages. */
const IS_LIGHT = /^(?:Get|List|Receive|Send|DeleteMessage|ChangeMessage)/;

/** No message body and no receipt handle. */
const journalParameters = (input: SqsInput): Record<string, unknown> => {
  const {
    MessageBody: _body,
    ReceiptHandle: _handle,
    MessageAttributes: _attributes,
    Entries,
    ...rest
  } = input;
  return Array.isArray(Entries) ? { ...rest, entries: Entries.length } : rest;
};

const routed = (
  action: string,
  readInput: () => SqsInput,
  render: (output: SqsOutput, requestId: string) => Reply,
): RoutedCall => {
  const operation = Object.hasOwn(OPERATIONS, action) ? OPERATIONS[action] : undefined;
  let input: SqsInput | null = null;
  try {
    input = readInput();
  } catch {
    input = null;
  }
  return {
    action: action === '' ? 'Unknown' : action,
    parameters: input === null ? {} : journalParameters(input),
    accounts: [],
    execute: async (context) => {
      if (operation === undefined)
        throw new SqsError(
          'UnknownOperationException',
          'InvalidAction',
          400,
          `The action ${action} is not valid for this endpoint.`,
        );
      if (input === null) throw new SqsError('SerializationException', 'MalformedInput', 400, '');
      const output = await operation({ ...context, input });
      if (!IS_LIGHT.test(action)) context.world.onChange();
      return render(output, context.requestId);
    },
  };
};

const faultError = (kind: FaultKind, call: RoutedCall, callerArn: string): AwsError => {
  switch (kind) {
    case 'throttle':
    case 'daily_quota':
      return new SqsError('RequestThrottled', 'RequestThrottled', 403, 'Rate exceeded');
    case 'expired_token':
      return new SqsError(
        'ExpiredTokenException',
        'ExpiredToken',
        403,
        'The security token included in the request is expired',
      );
    case 'access_denied': {
      const action = `sqs:${call.action.toLowerCase()}`;
      return accessDenied(
        `User: ${callerArn} is not authorized to perform: ${action} on resource: * because no identity-based policy allows the ${action} action`,
      );
    }
    default:
      return new SqsError(
        'InternalFailure',
        'InternalFailure',
        500,
        'The request processing has failed because of an unknown error, exception or failure.',
      );
  }
};

const JSON_TYPE = 'application/x-amz-json-1.0';

/** The JSON protocol names the shape in the body and keeps the old code in a header. */
const jsonError = (error: AwsError): Reply => {
  const isOwn = error instanceof SqsError;
  const shape = isOwn ? error.shape : error.code;
  const namespace =
    /Exception$/.test(shape) && !shape.startsWith('ResourceNotFound')
      ? 'com.amazon.coral.service'
      : 'com.amazonaws.sqs';
  return {
    status: error.status,
    headers: {
      'content-type': JSON_TYPE,
      'x-amzn-query-error': `${isOwn ? error.code : error.code.replace(/Exception$/, '')};${error.status >= 500 ? 'Receiver' : 'Sender'}`,
    },
    body: JSON.stringify({ __type: `${namespace}#${shape}`, message: error.text ?? undefined }),
  };
};

const TARGET = /^AmazonSQS\.(\w+)$/;

export const isSqsJson = (request: RawRequest): boolean => TARGET.test(header(request, 'x-amz-target') ?? '');

/** Amazon SQS, JSON protocol: what SDKs speak today. */
export const sqsJsonService: AwsService = {
  name: 'sqs',
  protocol: 'json',
  isRegion: isStsRegion,
  route: (request) =>
    routed(
      TARGET.exec(header(request, 'x-amz-target') ?? '')?.[1] ?? '',
      () => JSON.parse(request.body.toString('utf8')) as SqsInput,
      (output) => ({ status: 200, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(output) }),
    ),
  renderError: jsonError,
  faultError: (kind, call, caller) => faultError(kind, call, caller.arn),
};

/** Amazon SQS, Query protocol: older SDKs and AWS CLIs. A call may name its queue by the path alone. */
export const sqsQueryService: AwsService = {
  name: 'sqs',
  protocol: 'query',
  isRegion: isStsRegion,
  route: (request) => {
    const form = readParameters(request);
    const action = form.get('Action') ?? '';
    return routed(
      action,
      () => {
        const input = inputFromForm(form);
        return request.rawPath.length > 1 ? { QueueUrl: request.rawPath, ...input } : input;
      },
      (output, requestId) => xml.reply(action, resultXml(action, output), requestId),
    );
  },
  renderError: (error, requestId) => xml.errorReply(error, requestId),
  faultError: (kind, call, caller) => faultError(kind, call, caller.arn),
};
