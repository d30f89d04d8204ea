import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { sha256 } from '#libs/crypto';
import { notFound } from '#libs/errors';
import { SystemSourcesRepository, type FeedbackSource } from './system-sources.repository.js';

/** How long a removed source is still known here, and a new one not yet. */
const TTL_MS = 5_000;

/** The source behind the unguessable part of an intake URL. */
@Injectable()
export class FindSource {
  private readonly cache = new LRUCache<string, { source: FeedbackSource | undefined }>({
    max: 20_000,
    ttl: TTL_MS,
  });

  constructor(@Inject(SystemSourcesRepository) private readonly sources: SystemSourcesRepository) {}

  /** @throws AppError not_found: there is none, or it takes its events another way, or it is being removed */
  async execute(token: string, mode: 'sns' | 'eventbridge'): Promise<FeedbackSource> {
    const hash = sha256(token);
    const key = keyOf(hash);
    const known = this.cache.get(key) ?? { source: await this.sources.find(hash) };
    const { source } = known;
    // A set-up changes its source from one moment to the next: only what is settled is remembered.
    if (source === undefined || source.status === 'active') this.cache.set(key, known);
    if (source === undefined || source.mode !== mode || source.status === 'removing')
      throw notFound('Feedback source');
    return source;
  }

  /** What is remembered of a source is not right any more. */
  forget(token: string): void {
    this.cache.delete(keyOf(sha256(token)));
  }
}

function keyOf(hash: Buffer): string {
  return hash.toString('base64');
}
