/** A typed attribute that came with a message; values as they go on the wire. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export interface QueueMessage {
  readonly messageId: string;
  readonly body: string;
  readonly md5: string;
  readonly senderId: string;
  readonly sentAt: number;
  readonly attributes: Readonly<Record<string, MessageAttribute>>;
  receiveCount: number;
  firstReceivedAt: number | null;
  /** The newest handle; older ones no longer delete. null = not in flight. */
  receiptHandle: string | null;
  /** In flight or delayed until then (simulated). */
  invisibleUntil: number;
}
