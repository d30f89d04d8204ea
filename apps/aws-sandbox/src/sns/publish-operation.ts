import { newNotification, type PublishedAttribute } from './envelope.js';
import { fanOut } from './deliver.js';
import { invalidParameter } from './errors.js';
import {
  authorizeTopic,
  required,
  requireTopic,
  topicArnOf,
  type SnsCall,
  type SnsOperation,
} from './sns-call.js';

const MAX_BYTES = 262_144;

const readAttributes = ({ form }: SnsCall): Record<string, PublishedAttribute> => {
  const attributes: Record<string, PublishedAttribute> = {};
  for (let i = 1; ; i++) {
    const entry = `MessageAttributes.entry.${i}`;
    const name = form.get(`${entry}.Name`);
    if (name === null) return attributes;
    attributes[name] = {
      Type: form.get(`${entry}.Value.DataType`) ?? 'String',
      Value: form.get(`${entry}.Value.StringValue`) ?? form.get(`${entry}.Value.BinaryValue`) ?? '',
    };
  }
};

const publish: SnsOperation = (call) => {
  const { world, form, now } = call;
  const arn = topicArnOf(call);
  const message = required(call, 'Message');
  const subject = form.get('Subject') ?? undefined;
  authorizeTopic(call, 'Publish', arn);
  const topic = requireTopic(call, arn);
  if (message === '') throw invalidParameter('Empty message');
  if (Buffer.byteLength(message) > MAX_BYTES) throw invalidParameter('Message too long');
  // eslint-disable-next-line no-control-regex -- SNS refuses them in subjects
  if (subject !== undefined && !/^[^\u0000-\u001f]{1,100}$/.test(subject)) throw invalidParameter('Subject');
  const notification = newNotification(topic, now, message, subject, readAttributes(call));
  world.courier.publish(() => () => fanOut(world, arn, notification));
  return { MessageId: notification.fields.MessageId };
};

export const PUBLISH_OPERATIONS = { Publish: publish } as const;
