export const suppressionOrigins = ['bounce', 'complaint', 'manual'] as const;
export type SuppressionOrigin = (typeof suppressionOrigins)[number];

/** An address that a project's mail does not go to. */
export interface Suppression {
  id: string;
  projectId: string;
  /** Lower case, the domain in punycode. */
  email: string;
  origin: SuppressionOrigin;
  /** The email that bounced or was complained about; undefined when a person suppressed the address. */
  sourceId: string | undefined;
  createdAt: Date;
}

/** An address to suppress. */
export interface NewSuppression {
  email: string;
  origin: SuppressionOrigin;
  sourceId: string | undefined;
}
