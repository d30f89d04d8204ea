/** What SES tells about a mail, in the words of our API. */
export const factTypes = [
  'sent',
  'delivery_delayed',
  'delivered',
  'bounced',
  'suppressed',
  'complained',
  'failed',
  'opened',
  'clicked',
] as const;
export type FactType = (typeof factTypes)[number];

/** One thing that happened to one recipient of a mail, or (opens and clicks of mail to several) to one of them. */
export interface Fact {
  type: FactType;
  /** Lower case; null where SES does not say whose it was. */
  recipient: string | null;
  at: Date;
  /** With mail, type, recipient and time: what tells this fact from every other. */
  key: string;
  /** What the API and webhooks show. */
  data: FactData;
  /** A bounce that says nothing about the address: out of office, mailbox full. */
  isSoft: boolean;
  /** Whether SES counts it in the account's rates: not the mailbox simulator's, not what the account's own list held back. */
  isCounted: boolean;
}

export type FactData = Readonly<Record<string, unknown>>;

/** What one record of SES says. */
export interface Told {
  sesMessageId: string;
  /** Our own tag on the mail; undefined in classic notifications and for mail of other software. */
  emailId: string | undefined;
  /** A classic notification carries no tags at all, so that only its message id can say whose it is. */
  isClassic: boolean;
  /** When SES took the mail. */
  acceptedAt: Date;
  facts: readonly Fact[];
}
