import type { SesSuppressionReason } from '#libs/aws';
import type { SuppressionOrigin } from '#libs/suppressions';

/**
 * The reason under which an address goes on the account's list. SES knows no third one, and an entry counts only while the account
 * suppresses for its reason: what a person suppressed goes under one that does.
 *
 * @param inForce null is unknown
 */
export function putReason(
  origin: SuppressionOrigin,
  inForce: readonly SesSuppressionReason[] | null,
): SesSuppressionReason {
  switch (origin) {
    case 'bounce':
      return 'BOUNCE';
    case 'complaint':
      return 'COMPLAINT';
    case 'manual':
      return inForce !== null && inForce.includes('COMPLAINT') && !inForce.includes('BOUNCE')
        ? 'COMPLAINT'
        : 'BOUNCE';
  }
}
