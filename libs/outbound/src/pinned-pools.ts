import { isIP, isIPv6, type LookupFunction } from 'node:net';
import { LRUCache } from 'lru-cache';
import { Pool } from 'undici';
import { hostOf } from './target.js';

/** Sockets to one origin: a slow endpoint must not take them all. */
const CONNECTIONS = 32;
/** Origins with kept-alive sockets. */
const ORIGINS = 256;
const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Kept-alive sockets by origin and checked addresses. A pool looks up nothing: its sockets go to the addresses it was made
 * for. When a name gets other addresses, it gets another pool, and the old one ends by itself.
 */
export class PinnedPools {
  private readonly pools = new LRUCache<string, Pool>({
    max: ORIGINS,
    dispose: (pool) => void pool.close(),
  });

  for(url: URL, addresses: readonly string[]): Pool {
    const key = `${url.origin} ${[...addresses].sort().join(' ')}`;
    const known = this.pools.get(key);
    if (known !== undefined) return known;
    const host = hostOf(url);
    const pool = new Pool(url.origin, {
      connections: CONNECTIONS,
      pipelining: 1,
      // The guard has a deadline for the whole request.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        lookup: pinnedLookup(addresses),
        // Both families are tried, as a browser does: a host may have no way to IPv6.
        autoSelectFamily: true,
        timeout: CONNECT_TIMEOUT_MS,
        ...(isIP(host) === 0 && { servername: host }),
      },
    });
    this.pools.set(key, pool);
    return pool;
  }

  /** Ends all sockets, also of requests that are under way. */
  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.destroy()));
  }
}

function pinnedLookup(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_hostname, options, callback) => {
    const [first] = answers;
    if (options.all === true) callback(null, answers);
    else callback(null, first?.address ?? '', first?.family);
  };
}
