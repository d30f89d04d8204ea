import { AwsError } from '../aws-error.js';

/** An error of SQS: its name in the JSON protocol, and the code the Query protocol always had (also in a header). */
export class SqsError extends AwsError {
  constructor(
    /** As in the JSON model. */
    readonly shape: string,
    queryCode: string,
    status: number,
    text: string,
  ) {
    super(queryCode, status, text);
  }
}

const old = (shape: string, text: string, status = 400): SqsError =>
  new SqsError(shape, `AWS.SimpleQueueService.${shape}`, status, text);

export const queueDoesNotExist = (): SqsError =>
  new SqsError(
    'QueueDoesNotExist',
    'AWS.SimpleQueueService.NonExistentQueue',
    400,
    'The specified queue does not exist.',
  );
export const queueNameExists = (attribute: string): SqsError =>
  new SqsError(
    'QueueNameExists',
    'QueueAlreadyExists',
    400,
    `A queue already exists with the same name and a different value for attribute ${attribute}`,
  );
export const queueDeletedRecently = (seconds: number): SqsError =>
  old(
    'QueueDeletedRecently',
    `You must wait ${seconds} seconds after deleting a queue before you can create another with the same name.`,
  );
export const purgeInProgress = (name: string): SqsError =>
  old('PurgeQueueInProgress', `Only one PurgeQueue operation on ${name} is allowed every 60 seconds.`, 403);
export const receiptHandleIsInvalid = (handle: string): SqsError =>
  new SqsError(
    'ReceiptHandleIsInvalid',
    'ReceiptHandleIsInvalid',
    404,
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
export const messageNotInflight = (handle: string): SqsError =>
  old(
    'MessageNotInflight',
    `Value ${handle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  );
export const overLimit = (): SqsError =>
  new SqsError('OverLimit', 'OverLimit', 403, 'Too many messages are in flight for this queue.');
export const emptyBatch = (): SqsError =>
  old('EmptyBatchRequest', 'There should be at least one entry in the request.');
export const tooManyEntries = (count: number): SqsError =>
  old(
    'TooManyEntriesInBatchRequest',
    `Maximum number of entries per request are 10. You have sent ${count}.`,
  );
export const idsNotDistinct = (id: string): SqsError => old('BatchEntryIdsNotDistinct', `Id ${id} repeated.`);
export const invalidParameterValue = (text: string): SqsError =>
  new SqsError('InvalidParameterValueException', 'InvalidParameterValue', 400, text);
export const invalidAttributeName = (name: string): SqsError =>
  new SqsError('InvalidAttributeName', 'InvalidAttributeName', 400, `Unknown Attribute ${name}.`);
export const invalidAttributeValue = (name: string, reason?: string): SqsError =>
  new SqsError(
    'InvalidAttributeValue',
    'InvalidAttributeValue',
    400,
    `Invalid value for the parameter ${name}.${reason === undefined ? '' : ` Reason: ${reason}`}`,
  );
export const missingParameter = (name: string): SqsError =>
  new SqsError(
    'MissingRequiredParameterException',
    'MissingParameter',
    400,
    `The request must contain the parameter ${name}.`,
  );
export const accessDenied = (text: string): SqsError =>
  new SqsError('AccessDeniedException', 'AccessDenied', 403, text);
