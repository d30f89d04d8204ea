/** What SES says is missing. */
export interface Denial {
  /** `ses:SendRawEmail` */
  action: string | undefined;
  /** `arn:aws:ses:eu-west-1:444455556666:identity/example.com` */
  resource: string | undefined;
  isExplicit: boolean;
  /** Our own session policy lacks it: not the customer's fault. */
  isSessionPolicy: boolean;
}

/**
 * Reads both forms of an SES refusal (aws.md C.2): the service's own, with a back-tick before and an apostrophe after
 * each name, and IAM's ordinary one with colons.
 */
export function parseDenial(message: string): Denial {
  const match =
    /not authorized to perform:?\s*[`'"]?([a-z0-9-]+:[A-Za-z0-9*]+)[`'"]?(?:\s+on resource:?\s*[`'"]?(arn:[^\s`'"]+|\*))?/i.exec(
      message,
    );
  return {
    action: match?.[1],
    resource: match?.[2],
    isExplicit: /explicit deny/i.test(message),
    isSessionPolicy: /no session policy allows/i.test(message),
  };
}

/** SES is not open to the account in this region (aws.md D.5). */
export const regionClosedCodes: ReadonlySet<string> = new Set([
  'OptInRequired',
  'SubscriptionRequiredException',
]);
