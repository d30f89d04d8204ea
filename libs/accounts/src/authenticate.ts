import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { hashApiKey } from '#libs/crypto';
import { Broadcast } from '#libs/database';
import { AppError } from '#libs/errors';
import { ApiKeysRepository } from './api-keys.repository.js';
import type { KeyPrincipal } from './principal.js';

/** How long a key is trusted without asking the database; a revocation is broadcast and takes effect at once. */
const CACHE_MS = 5_000;
export const KEY_REVOKED = 'api-key.revoked';

type Answer = KeyPrincipal | 'unknown';

/** Turns a bearer token into who is calling. */
@Injectable()
export class Authenticate {
  // By hash: the cache holds no token.
  private readonly cache = new LRUCache<string, Promise<Answer>>({ max: 20_000, ttl: CACHE_MS });

  constructor(
    @Inject(ApiKeysRepository) private readonly keys: ApiKeysRepository,
    @Inject(Broadcast) broadcast: Broadcast,
  ) {
    broadcast.on(KEY_REVOKED, () => this.cache.clear());
    broadcast.onGap(() => this.cache.clear());
  }

  /** @throws AppError `auth.missing_key` or `auth.invalid_key` */
  async execute(authorization: string | undefined): Promise<KeyPrincipal> {
    if (authorization === undefined || authorization.trim() === '') {
      throw new AppError({ code: 'auth.missing_key', kind: 'unauthenticated', message: 'Missing API Key' });
    }
    const token = /^Bearer\s+(\S+)$/i.exec(authorization.trim())?.[1];
    if (token === undefined || token.length > 200) throw invalidKey();
    const hash = hashApiKey(token);
    const principal = await this.find(hash);
    if (principal === 'unknown') throw invalidKey();
    return principal;
  }

  private find(hash: Buffer): Promise<Answer> {
    const id = hash.toString('base64');
    const cached = this.cache.get(id);
    if (cached !== undefined) return cached;
    const finding = this.keys.findPrincipal(hash).then((principal) => principal ?? 'unknown');
    this.cache.set(id, finding);
    finding.catch(() => this.cache.delete(id));
    return finding;
  }
}

function invalidKey(): AppError {
  return new AppError({ code: 'auth.invalid_key', kind: 'invalid_key', message: 'API key is invalid' });
}
