import { newMessageId } from '../../ids.js';
import type { NameValue, StoredMessage, TemplateContent } from '../../state/message.js';
import type { Outcome } from '../../state/outcome.js';
import type { SesCall } from '../operation.js';
import type { Address } from './address.js';
import type { Envelope } from './envelope.js';
import type { Sender } from './prepare.js';

export interface Accepted {
  readonly action: string;
  readonly kind: StoredMessage['kind'];
  readonly envelope: Envelope;
  readonly sender: Sender;
  readonly tags: readonly NameValue[];
  readonly configurationSet: string | null;
  readonly outcomes: readonly Outcome[];
  readonly content: Buffer;
  readonly rendered: TemplateContent | null;
}

const written = (addresses: readonly Address[]): string[] => addresses.map((address) => address.written);

/** Stores an accepted message and gives its MessageId. From here on nothing about it is an error of the call. */
export const acceptMessage = (call: SesCall, accepted: Accepted): string => {
  const { envelope } = accepted;
  const messageId = newMessageId(call.region, call.now);
  call.world.messages.add({
    messageId,
    accountId: call.caller.accountId,
    region: call.region,
    at: call.now,
    action: accepted.action,
    from: envelope.from.written,
    to: written(envelope.to),
    cc: written(envelope.cc),
    bcc: written(envelope.bcc),
    replyTo: written(envelope.replyTo),
    tags: accepted.tags,
    principalArn: call.caller.arn,
    callerName: call.caller.name,
    sourceIp: call.request.sourceIp,
    identityArn: accepted.sender.identityArn,
    configurationSet: accepted.configurationSet,
    outcomes: accepted.outcomes,
    kind: accepted.kind,
    content: accepted.content,
    rendered: accepted.rendered,
  });
  call.world.onMessage();
  return messageId;
};
