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
  /** The connection whose SES account has it on its own suppression list, if it came from there. */
  sesConnectionId: string | undefined;
  createdAt: Date;
}

/** An address to suppress. */
export interface NewSuppression {
  email: string;
  origin: SuppressionOrigin;
  sourceId: string | undefined;
  sesConnectionId?: string | undefined;
}

/** A suppression as webhooks and the API show it. */
export interface SuppressionData {
  id: string;
  email: string;
  origin: SuppressionOrigin;
  source_id: string | null;
  /** Only of those that came from an SES account: the others have just the members that Resend gives them. */
  ses_connection_id?: string;
  created_at: string;
}

export function presentSuppression(item: Suppression): SuppressionData {
  return {
    id: item.id,
    email: item.email,
    origin: item.origin,
    source_id: item.sourceId ?? null,
    ...(item.sesConnectionId !== undefined && { ses_connection_id: item.sesConnectionId }),
    created_at: item.createdAt.toISOString(),
  };
}
