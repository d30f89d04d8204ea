import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { SessionCredentials } from '#libs/aws';
import { Sealer, type SealPlace } from '#libs/crypto';
import { AppError } from '#libs/errors';
import type { Purpose } from '../kit/permissions.js';

const schema = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string(),
  expiresAt: z.coerce.date(),
});

/** Seals the credentials of a session for its row, and opens them again only there. */
@Injectable()
export class SessionVault {
  constructor(@Inject(Sealer) private readonly sealer: Sealer) {}

  seal(connectionId: string, purpose: Purpose, credentials: SessionCredentials): string {
    return this.sealer.seal(JSON.stringify(credentials), place(connectionId, purpose));
  }

  /** Undefined when its key has left the key ring: a new session is made then, nothing is lost. */
  open(connectionId: string, purpose: Purpose, sealed: string): SessionCredentials | undefined {
    try {
      return schema.parse(JSON.parse(this.sealer.open(sealed, place(connectionId, purpose))));
    } catch (error) {
      if (error instanceof AppError) return undefined;
      throw error;
    }
  }
}

function place(connectionId: string, purpose: Purpose): SealPlace {
  return { table: 'connection_sessions', column: 'sealed_credentials', rowId: `${connectionId}/${purpose}` };
}
