import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';
import { sha256, Sealer } from '#libs/crypto';
import { noPublicUrl } from './feedback-errors.js';
import type { FeedbackMode, FeedbackSource } from './feedback-source.js';

export interface EndpointKeys {
  tokenHash: Buffer | null;
  sealedToken: string | null;
  secretHash: Buffer | null;
  sealedSecret: string | null;
}

/** The public address of a source: unguessable, and for EventBridge with a secret of its own beside. */
@Injectable()
export class FeedbackEndpoint {
  constructor(
    @Inject(Sealer) private readonly sealer: Sealer,
    @Inject(CONFIG) private readonly config: Pick<Config, 'http'>,
  ) {}

  /** @throws AppError `feedback.no_public_url` */
  newKeys(connectionId: string, mode: FeedbackMode): EndpointKeys {
    if (mode === 'pull') return { tokenHash: null, sealedToken: null, secretHash: null, sealedSecret: null };
    if (this.config.http.publicUrl === undefined) throw noPublicUrl(mode);
    const token = randomBytes(32).toString('base64url');
    const secret = mode === 'eventbridge' ? randomBytes(32).toString('base64url') : null;
    return {
      tokenHash: sha256(token),
      sealedToken: this.sealer.seal(token, placeOf('sealed_token', connectionId)),
      secretHash: secret === null ? null : sha256(secret),
      sealedSecret: secret === null ? null : this.sealer.seal(secret, placeOf('sealed_secret', connectionId)),
    };
  }

  /** Null for a source without one. @throws AppError `feedback.no_public_url`, `crypto.cannot_open` */
  urlOf({ connectionId, mode, sealedToken }: FeedbackSource): string | null {
    if (mode === 'pull' || sealedToken === null) return null;
    const { publicUrl } = this.config.http;
    if (publicUrl === undefined) throw noPublicUrl(mode);
    const token = this.sealer.open(sealedToken, placeOf('sealed_token', connectionId));
    return `${publicUrl.replace(/\/+$/, '')}/feedback/${mode}/${token}`;
  }

  /** @throws AppError `crypto.cannot_open` */
  secretOf({ connectionId, sealedSecret }: FeedbackSource): string | null {
    return sealedSecret === null
      ? null
      : this.sealer.open(sealedSecret, placeOf('sealed_secret', connectionId));
  }
}

function placeOf(column: 'sealed_token' | 'sealed_secret', rowId: string) {
  return { table: 'feedback_sources', column, rowId };
}
