import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { Clock } from '#libs/crypto';
import { SystemConnectionsRepository } from './system-connections.repository.js';

/** A connection in trouble is reported with every mail that fails: once in this time is enough. */
const QUIET_MS = 30_000;

/** Mail was refused for a reason that lies in the connection: its checks shall look now. */
@Injectable()
export class ReportTrouble {
  private readonly reported = new LRUCache<string, true>({ max: 10_000, ttl: QUIET_MS });

  constructor(
    @Inject(SystemConnectionsRepository) private readonly connections: SystemConnectionsRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The ticker finds it within a second. */
  async execute(connectionId: string): Promise<void> {
    if (this.reported.has(connectionId)) return;
    this.reported.set(connectionId, true);
    await this.connections.checkSoon(connectionId, this.clock.now());
  }
}
