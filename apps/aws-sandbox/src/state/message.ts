import type { Outcome } from './outcome.js';
import { Ring } from './ring.js';

export interface NameValue {
  readonly name: string;
  readonly value: string;
}

export interface TemplateContent {
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
}

/** One accepted message. The MIME text is built from the kept request only when somebody reads it. */
export interface StoredMessage {
  readonly messageId: string;
  readonly accountId: string;
  readonly region: string;
  readonly at: number;
  readonly action: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly replyTo: readonly string[];
  readonly tags: readonly NameValue[];
  readonly principalArn: string;
  readonly callerName: string;
  readonly sourceIp: string;
  readonly identityArn: string;
  readonly configurationSet: string | null;
  readonly outcomes: readonly Outcome[];
  readonly kind: 'Simple' | 'Raw' | 'Template';
  /** The `Content` member of the request as JSON; null once the byte budget has pushed it out. */
  content: Buffer | null;
  /** Template content after rendering; null for the other kinds. */
  readonly rendered: TemplateContent | null;
}

export type OutcomeListener = (message: StoredMessage, outcomes: readonly Outcome[]) => void;

export const MESSAGE_CAPACITY = 20_000;
const CONTENT_BUDGET_BYTES = 256 * 1024 * 1024;

/** The newest messages; their bodies are dropped earlier when they are large. */
export class Messages {
  private readonly ring: Ring<StoredMessage>;
  private bytes = 0;
  private readonly listeners: OutcomeListener[] = [];

  constructor(capacity = MESSAGE_CAPACITY) {
    this.ring = new Ring(capacity, (message) => this.forget(message));
  }

  get total(): number {
    return this.ring.total;
  }

  get size(): number {
    return this.ring.size;
  }

  onOutcome(listener: OutcomeListener): void {
    this.listeners.push(listener);
  }

  add(message: StoredMessage): void {
    this.bytes += message.content?.length ?? 0;
    this.ring.add(message);
    if (this.bytes > CONTENT_BUDGET_BYTES) this.shrink();
    for (const listener of this.listeners) listener(message, message.outcomes);
  }

  /** Puts back what a state file kept: nobody is told of outcomes again. */
  restore(messages: readonly StoredMessage[], total: number): void {
    for (const message of messages) {
      this.bytes += message.content?.length ?? 0;
      this.ring.add(message);
    }
    this.ring.total = total;
  }

  newestFirst(): Generator<StoredMessage> {
    return this.ring.newestFirst();
  }

  clear(): void {
    this.ring.clear();
    this.bytes = 0;
  }

  private forget(message: StoredMessage): void {
    this.bytes -= message.content?.length ?? 0;
    message.content = null;
  }

  /** Goes down to three quarters, so that a full store does not walk the ring at every message. */
  private shrink(): void {
    for (const message of this.ring.oldestFirst()) {
      if (this.bytes <= CONTENT_BUDGET_BYTES * 0.75) break;
      this.forget(message);
    }
  }
}
