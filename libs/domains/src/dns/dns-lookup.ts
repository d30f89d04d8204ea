import { Resolver } from 'node:dns/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '#libs/config';

export type LookupType = 'A' | 'CNAME' | 'MX' | 'TXT';

/** `none`: the name has no such record. `unreadable`: no answer that says yes or no. */
export type DnsAnswer =
  { kind: 'found'; values: string[] } | { kind: 'none' } | { kind: 'unreadable'; code: string };

const TIMEOUT_MS = 2_500;
const TRIES = 2;
const noneCodes = new Set(['ENOTFOUND', 'ENODATA']);

/** Real DNS, through the servers of the configuration or else the machine's own. */
@Injectable()
export class DnsLookup {
  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'domains'>) {}

  /** One resolver for a set of lookups: it reads the machine's list of servers when it is made. */
  open(): OpenLookup {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: TRIES });
    const { dnsServers } = this.config.domains;
    if (dnsServers.length > 0) resolver.setServers([...dnsServers]);
    return new OpenLookup(resolver);
  }
}

export class OpenLookup {
  constructor(private readonly resolver: Resolver) {}

  /** Never rejects. MX values are `10 host`, the strings of a TXT record are joined. */
  async find(type: LookupType, name: string): Promise<DnsAnswer> {
    try {
      const values = await this.ask(type, name);
      return values.length === 0 ? { kind: 'none' } : { kind: 'found', values };
    } catch (error) {
      const code =
        typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'UNKNOWN';
      return noneCodes.has(code) ? { kind: 'none' } : { kind: 'unreadable', code };
    }
  }

  private async ask(type: LookupType, name: string): Promise<string[]> {
    switch (type) {
      case 'A':
        return this.resolver.resolve4(name);
      case 'CNAME':
        return this.resolver.resolveCname(name);
      case 'MX':
        return (await this.resolver.resolveMx(name)).map(
          ({ priority, exchange }) => `${priority} ${exchange}`,
        );
      case 'TXT':
        return (await this.resolver.resolveTxt(name)).map((strings) => strings.join(''));
    }
  }
}
