import type { SessionCredentials } from '#libs/aws';
import type { Purpose } from '../kit/permissions.js';

/**
 * Credentials of one connection, purpose and generation. The same object for as long as the generation lasts in this
 * process: libs/aws keeps signers and clients in WeakMaps keyed by `credentials`.
 */
export interface BrokeredSession {
  readonly connectionId: string;
  readonly purpose: Purpose;
  readonly region: string;
  readonly credentials: SessionCredentials;
  /** One more with every AssumeRole. */
  readonly generation: number;
  /** The epoch of the connection that it was made in. */
  readonly epoch: number;
  readonly expiresAt: Date;
}

/** A row of connection_sessions, as far as it decides anything. */
export interface SessionRow {
  generation: number;
  epoch: number;
  sealedCredentials: string | null;
  refreshAt: Date | null;
  expiresAt: Date | null;
  failureCode: string | null;
  retryAt: Date | null;
  /** Somebody is calling STS for it now. */
  isLeased: boolean;
}
