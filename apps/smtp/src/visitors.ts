import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { CONFIG, type Config } from '#libs/config';
import { Reply } from './reply.js';

const FAILURES_PER_CONNECTION = 3;
const FAILURES_PER_ADDRESS = 20;
/** How long failed logins of an address are held against it. */
const FAILURES_MS = 60_000;

/** Who is connected, and who has been guessing keys. */
@Injectable()
export class Visitors {
  private readonly addresses = new Map<string, string>();
  private readonly counts = new Map<string, number>();
  private readonly failuresOfConnection = new Map<string, number>();
  private readonly failuresOfAddress = new LRUCache<string, number>({ max: 50_000, ttl: FAILURES_MS });
  private readonly limit: number;

  constructor(@Inject(CONFIG) config: Config) {
    this.limit = config.smtp.maxConnectionsPerIp;
  }

  /** @throws Reply 421 when this address has too many connections; whoever enters must leave() */
  enter(id: string, address: string): void {
    const count = this.counts.get(address) ?? 0;
    if (count >= this.limit) throw new Reply(421, '4.7.0 Too many connections from your address');
    this.counts.set(address, count + 1);
    this.addresses.set(id, address);
  }

  leave(id: string): void {
    const address = this.addresses.get(id);
    if (address === undefined) return;
    this.addresses.delete(id);
    this.failuresOfConnection.delete(id);
    const count = (this.counts.get(address) ?? 1) - 1;
    if (count === 0) this.counts.delete(address);
    else this.counts.set(address, count);
  }

  /** @throws Reply 421 to an address that has been guessing */
  mayLogIn(address: string): void {
    if ((this.failuresOfAddress.get(address) ?? 0) >= FAILURES_PER_ADDRESS) throw tooManyFailures();
  }

  /** Counts a failed login. @throws Reply 421 when it was one too many on this connection */
  failed(id: string, address: string): void {
    // The time runs from the first failure: guessing on does not prolong it for others at the same address.
    const ofAddress = this.failuresOfAddress.get(address) ?? 0;
    this.failuresOfAddress.set(address, ofAddress + 1, { noUpdateTTL: true });
    const ofConnection = (this.failuresOfConnection.get(id) ?? 0) + 1;
    this.failuresOfConnection.set(id, ofConnection);
    if (ofConnection >= FAILURES_PER_CONNECTION) throw tooManyFailures();
  }
}

function tooManyFailures(): Reply {
  return new Reply(421, '4.7.0 Too many failed logins: try again later');
}
