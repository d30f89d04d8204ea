import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Policy } from '../iam/policy-document.js';
import type { MessageAttribute, QueueMessage } from './queue-message.js';

/** Real queues have no end; here the oldest message goes when there are more. */
export const QUEUE_CAPACITY = 200_000;
const MAX_IN_FLIGHT = 120_000;

export const DEFAULT_QUEUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
};

export interface RedrivePolicy {
  readonly deadLetterTargetArn: string;
  readonly maxReceiveCount: number;
}

export interface QueueDefinition {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly createdAt: number;
}

/** What receipt handles look like to the outside: opaque, and checked for their form only. */
export const isReceiptHandle = (handle: string): boolean => /^AQEB[A-Za-z0-9+/]{76}$/.test(handle);

const newReceiptHandle = (): string => `AQEB${randomBytes(57).toString('base64')}`;

/** A standard queue: about in order, at least once, with visibility timeouts in simulated time. */
export class Queue {
  readonly attributes = new Map<string, string>();
  policy: Policy | null = null;
  redrive: RedrivePolicy | null = null;
  tags: Record<string, string> = {};
  modifiedAt: number;
  purgedAt: number | null = null;
  /** How many messages the capacity has pushed out. */
  dropped = 0;
  /** Long polls in progress; called when something may have become visible. */
  readonly waiters = new Set<() => void>();
  /** Ready ones in the order of their arrival. */
  private ready = new Map<string, QueueMessage>();
  /** Delayed or in flight. */
  private readonly hidden = new Map<string, QueueMessage>();
  private readonly byHandle = new Map<string, QueueMessage>();
  private nextVisibleAt = Infinity;

  constructor(readonly definition: QueueDefinition) {
    this.modifiedAt = definition.createdAt;
  }

  get arn(): string {
    return this.definition.arn;
  }

  attribute(name: string): string {
    return this.attributes.get(name) ?? DEFAULT_QUEUE_ATTRIBUTES[name] ?? '';
  }

  seconds(name: string): number {
    return Number(this.attribute(name));
  }

  send(
    body: string,
    now: number,
    senderId: string,
    options: { delaySeconds?: number; attributes?: Readonly<Record<string, MessageAttribute>> } = {},
  ): QueueMessage {
    const delay = options.delaySeconds ?? this.seconds('DelaySeconds');
    const message: QueueMessage = {
      messageId: randomUUID(),
      body,
      md5: createHash('md5').update(body).digest('hex'),
      senderId,
      sentAt: now,
      attributes: options.attributes ?? {},
      receiveCount: 0,
      firstReceivedAt: null,
      receiptHandle: null,
      invisibleUntil: now + delay * 1000,
    };
    this.put(message, now);
    return message;
  }

  /** Takes a message in as it is: from a dead-letter move or a state file. */
  put(message: QueueMessage, now: number): void {
    if (this.ready.size >= QUEUE_CAPACITY) {
      const [oldest] = this.ready.keys();
      if (oldest !== undefined) this.ready.delete(oldest);
      this.dropped++;
    }
    if (message.invisibleUntil > now) this.hide(message);
    else this.ready.set(message.messageId, message);
    this.wake();
  }

  /**
   * Up to `max` messages, hidden for `visibilityMs` from now on. What was received too often goes to `moveToDeadLetter`
   * instead; null = more in flight than a queue may have.
   */
  receive(
    max: number,
    visibilityMs: number,
    now: number,
    moveToDeadLetter: (message: QueueMessage) => boolean,
  ): QueueMessage[] | null {
    this.reveal(now);
    if (this.byHandle.size >= MAX_IN_FLIGHT) return null;
    const oldest = now - this.seconds('MessageRetentionPeriod') * 1000;
    const received: QueueMessage[] = [];
    for (const message of this.ready.values()) {
      if (received.length === max) break;
      this.ready.delete(message.messageId);
      if (message.sentAt < oldest) continue;
      if (this.redrive !== null && message.receiveCount >= this.redrive.maxReceiveCount) {
        if (moveToDeadLetter(message)) {
          if (message.receiptHandle !== null) this.byHandle.delete(message.receiptHandle);
          continue;
        }
      }
      if (message.receiptHandle !== null) this.byHandle.delete(message.receiptHandle);
      message.receiveCount++;
      message.firstReceivedAt ??= now;
      message.receiptHandle = newReceiptHandle();
      message.invisibleUntil = now + visibilityMs;
      this.byHandle.set(message.receiptHandle, message);
      this.hide(message);
      received.push(message);
    }
    return received;
  }

  /** Deletes by the newest handle; an older one deletes nothing and says nothing, as in AWS. */
  delete(handle: string): void {
    const message = this.byHandle.get(handle);
    if (message === undefined) return;
    this.byHandle.delete(handle);
    this.hidden.delete(message.messageId);
    this.ready.delete(message.messageId);
  }

  /** @returns false when the message is not in flight */
  changeVisibility(handle: string, visibilityMs: number, now: number): boolean {
    this.reveal(now);
    const message = this.byHandle.get(handle);
    if (message === undefined || !this.hidden.has(message.messageId)) return false;
    message.invisibleUntil = now + visibilityMs;
    this.nextVisibleAt = Math.min(this.nextVisibleAt, message.invisibleUntil);
    this.reveal(now);
    if (visibilityMs === 0) this.wake();
    return true;
  }

  purge(now: number): void {
    this.ready.clear();
    this.hidden.clear();
    this.byHandle.clear();
    this.purgedAt = now;
  }

  counts(now: number): { visible: number; inFlight: number; delayed: number } {
    this.reveal(now);
    return {
      visible: this.ready.size,
      inFlight: [...this.hidden.values()].filter((message) => message.receiptHandle !== null).length,
      delayed: [...this.hidden.values()].filter((message) => message.receiptHandle === null).length,
    };
  }

  /** When the next hidden message comes back, in simulated time; Infinity = none is hidden. */
  visibleAgainAt(now: number): number {
    this.reveal(now);
    return this.nextVisibleAt;
  }

  messages(): QueueMessage[] {
    return [...this.ready.values(), ...this.hidden.values()];
  }

  wake(): void {
    for (const waiter of [...this.waiters]) waiter();
  }

  private hide(message: QueueMessage): void {
    this.hidden.set(message.messageId, message);
    this.nextVisibleAt = Math.min(this.nextVisibleAt, message.invisibleUntil);
  }

  /** Brings back what is visible again. A handle stays good for deleting until the message is received anew. */
  private reveal(now: number): void {
    if (now < this.nextVisibleAt) return;
    const back: QueueMessage[] = [];
    this.nextVisibleAt = Infinity;
    for (const message of this.hidden.values()) {
      if (message.invisibleUntil > now)
        this.nextVisibleAt = Math.min(this.nextVisibleAt, message.invisibleUntil);
      else back.push(message);
    }
    for (const message of back) this.hidden.delete(message.messageId);
    // What comes back was there first.
    this.ready = new Map([...back.map((message) => [message.messageId, message] as const), ...this.ready]);
  }
}

/** Everything SQS keeps for one account in one region. */
export interface SqsRegion {
  readonly accountId: string;
  readonly region: string;
  readonly queues: Map<string, Queue>;
  /** Name → when it was deleted: a name is free again only after 60 seconds. */
  readonly deletedAt: Map<string, number>;
}

export const newSqsRegion = (accountId: string, region: string): SqsRegion => ({
  accountId,
  region,
  queues: new Map(),
  deletedAt: new Map(),
});
