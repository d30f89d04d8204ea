import { createHash } from 'node:crypto';
import { isReceiptHandle, type Queue } from '../state/queue.js';
import type { MessageAttribute, QueueMessage } from '../state/queue-message.js';
import {
  emptyBatch,
  idsNotDistinct,
  invalidParameterValue,
  messageNotInflight,
  receiptHandleIsInvalid,
  SqsError,
  tooManyEntries,
} from './errors.js';
import { md5OfAttributes } from './attribute-digest.js';
import { receiveMessages } from './receive.js';
import {
  optionalInteger,
  requiredText,
  requireQueue,
  textList,
  type SqsCall,
  type SqsInput,
  type SqsOperation,
} from './sqs-call.js';

// eslint-disable-next-line no-control-regex -- what XML has no place for: SQS refuses it although it speaks JSON
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const MAX_BATCH = 10;

const invalidContents = (text: string): SqsError =>
  new SqsError('InvalidMessageContents', 'InvalidMessageContents', 400, text);

const sendOne = (call: SqsCall, queue: Queue, input: SqsInput): Record<string, unknown> => {
  const body = requiredText(input, 'MessageBody');
  if (body === '') throw invalidParameterValue('The request must contain a non-empty message body.');
  if (FORBIDDEN.test(body)) throw invalidContents('Invalid characters found in the message.');
  const limit = queue.seconds('MaximumMessageSize');
  if (Buffer.byteLength(body) > limit)
    throw invalidParameterValue(
      `One or more parameters are invalid. Reason: Message must be shorter than ${limit} bytes.`,
    );
  const attributes = (input['MessageAttributes'] ?? {}) as Record<string, MessageAttribute>;
  const delaySeconds = optionalInteger(input, 'DelaySeconds', 0, 900);
  const message = queue.send(body, call.now, call.caller.userId, {
    attributes,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
  });
  call.world.onMessage();
  return {
    MessageId: message.messageId,
    MD5OfMessageBody: createHash('md5').update(body).digest('hex'),
    ...(Object.keys(attributes).length === 0 ? {} : { MD5OfMessageAttributes: md5OfAttributes(attributes) }),
  };
};

const deleteOne = (call: SqsCall, queue: Queue, input: SqsInput): Record<string, unknown> => {
  const handle = requiredText(input, 'ReceiptHandle');
  if (!isReceiptHandle(handle)) throw receiptHandleIsInvalid(handle);
  queue.delete(handle);
  call.world.onMessage();
  return {};
};

const changeVisibilityOne = (call: SqsCall, queue: Queue, input: SqsInput): Record<string, unknown> => {
  const handle = requiredText(input, 'ReceiptHandle');
  const seconds = optionalInteger(input, 'VisibilityTimeout', 0, 43_200) ?? 0;
  if (!isReceiptHandle(handle)) throw receiptHandleIsInvalid(handle);
  if (!queue.changeVisibility(handle, seconds * 1000, call.now)) throw messageNotInflight(handle);
  return {};
};

type One = typeof sendOne;

/** Ten entries at most, each succeeding or failing by itself. Authorised like the single operation. */
const batch =
  (action: string, one: One): SqsOperation =>
  (call) => {
    const queue = requireQueue(call, action);
    const entries = (call.input['Entries'] ?? []) as SqsInput[];
    if (entries.length === 0) throw emptyBatch();
    if (entries.length > MAX_BATCH) throw tooManyEntries(entries.length);
    const ids = new Set<string>();
    for (const entry of entries) {
      const id = requiredText(entry, 'Id');
      if (ids.has(id)) throw idsNotDistinct(id);
      ids.add(id);
    }
    const Successful: object[] = [];
    const Failed: object[] = [];
    for (const entry of entries) {
      try {
        Successful.push({ Id: entry['Id'], ...one(call, queue, entry) });
      } catch (error) {
        if (!(error instanceof SqsError)) throw error;
        Failed.push({ Id: entry['Id'], SenderFault: true, Code: error.code, Message: error.text });
      }
    }
    return { Successful, ...(Failed.length === 0 ? {} : { Failed }) };
  };

const single =
  (action: string, one: One): SqsOperation =>
  (call) =>
    one(call, requireQueue(call, action), call.input);

const systemAttributes = (message: QueueMessage): Record<string, string> => ({
  SenderId: message.senderId,
  SentTimestamp: String(Math.floor(message.sentAt)),
  ApproximateReceiveCount: String(message.receiveCount),
  ApproximateFirstReceiveTimestamp: String(Math.floor(message.firstReceivedAt ?? 0)),
});

const chosen = <T>(all: Readonly<Record<string, T>>, names: readonly string[]): Record<string, T> =>
  Object.fromEntries(
    Object.entries(all).filter(([key]) =>
      names.some(
        (name) =>
          name === 'All' ||
          name === '.*' ||
          name === key ||
          (name.endsWith('.*') && key.startsWith(name.slice(0, -1))),
      ),
    ),
  );

const presentReceived = (input: SqsInput, message: QueueMessage): Record<string, unknown> => {
  const system = chosen(systemAttributes(message), [
    ...textList(input, 'AttributeNames'),
    ...textList(input, 'MessageSystemAttributeNames'),
  ]);
  const attributes = chosen(message.attributes, textList(input, 'MessageAttributeNames'));
  return {
    MessageId: message.messageId,
    ReceiptHandle: message.receiptHandle,
    MD5OfBody: message.md5,
    Body: message.body,
    ...(Object.keys(system).length === 0 ? {} : { Attributes: system }),
    ...(Object.keys(attributes).length === 0
      ? {}
      : { MD5OfMessageAttributes: md5OfAttributes(attributes), MessageAttributes: attributes }),
  };
};

const receiveMessage: SqsOperation = async (call) => {
  const queue = requireQueue(call, 'ReceiveMessage');
  const { input } = call;
  const messages = await receiveMessages(call, queue, {
    max: optionalInteger(input, 'MaxNumberOfMessages', 1, 10) ?? 1,
    visibilitySeconds:
      optionalInteger(input, 'VisibilityTimeout', 0, 43_200) ?? queue.seconds('VisibilityTimeout'),
    waitSeconds:
      optionalInteger(input, 'WaitTimeSeconds', 0, 20) ?? queue.seconds('ReceiveMessageWaitTimeSeconds'),
  });
  return messages.length === 0
    ? {}
    : { Messages: messages.map((message) => presentReceived(input, message)) };
};

export const MESSAGE_OPERATIONS = {
  SendMessage: single('SendMessage', sendOne),
  SendMessageBatch: batch('SendMessage', sendOne),
  ReceiveMessage: receiveMessage,
  DeleteMessage: single('DeleteMessage', deleteOne),
  DeleteMessageBatch: batch('DeleteMessage', deleteOne),
  ChangeMessageVisibility: single('ChangeMessageVisibility', changeVisibilityOne),
  ChangeMessageVisibilityBatch: batch('ChangeMessageVisibility', changeVisibilityOne),
} as const;
