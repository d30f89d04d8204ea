import { Resolver as DnsResolver, lookup } from 'node:dns/promises';

/** DNS as the guard uses it; tests have their own. */
export abstract class Resolver {
  /** @returns all addresses of a name, IPv4 first; empty when it has none. @throws when no server answered */
  abstract resolve(hostname: string): Promise<string[]>;
}

/**
 * Asks DNS servers directly. The system's own lookup (`getaddrinfo`) would hold one of the process's four threads for as
 * long as a user's name server likes; it is asked only where internal networks are allowed, for names in /etc/hosts.
 */
export class SystemResolver extends Resolver {
  constructor(private readonly withHostsFile: boolean) {
    super();
  }

  override async resolve(hostname: string): Promise<string[]> {
    // By definition (RFC 6761), whatever a DNS server says.
    if (hostname === 'localhost' || hostname.endsWith('.localhost')) return ['127.0.0.1'];
    const dns = new DnsResolver({ timeout: 2_000, tries: 2 });
    const answers = await Promise.allSettled([dns.resolve4(hostname), dns.resolve6(hostname)]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0 || !this.withHostsFile) return addresses;
    return (await lookup(hostname, { all: true, verbatim: true })).map(({ address }) => address);
  }
}
