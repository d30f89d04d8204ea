import type { Sql } from '#libs/database';
import type { Suppression } from './suppression.js';

export type SuppressionChange = 'suppression.added' | 'suppression.removed';

/**
 * Tells others of a change (webhooks) inside its transaction, so that either both happen or neither.
 *
 * @returns what is left to do once it is committed
 */
export type Announce = (
  sql: Sql,
  change: SuppressionChange,
  suppressions: readonly Suppression[],
) => Promise<() => void>;
