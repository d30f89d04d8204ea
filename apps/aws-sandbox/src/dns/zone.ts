export const DNS_TYPES = ['A', 'CNAME', 'MX', 'TXT'] as const;
export type DnsType = (typeof DNS_TYPES)[number];

export interface DnsRecord {
  readonly name: string;
  readonly type: DnsType;
  readonly values: readonly string[];
}

const keyOf = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Host names are compared without case and final dot. */
export const isSameHost = (a: string, b: string): boolean => keyOf(a) === keyOf(b);

/** What is "published" in the simulated internet: one zone for everybody. MX values are `10 mail.example.com`. */
export class Zone {
  private names = new Map<string, Map<DnsType, readonly string[]>>();

  put(name: string, type: DnsType, values: readonly string[]): void {
    const key = keyOf(name);
    const types = this.names.get(key) ?? new Map<DnsType, readonly string[]>();
    types.set(type, values);
    this.names.set(key, types);
  }

  delete(name: string, type: DnsType): boolean {
    const key = keyOf(name);
    const types = this.names.get(key);
    const isDeleted = types?.delete(type) ?? false;
    if (types?.size === 0) this.names.delete(key);
    return isDeleted;
  }

  clear(): void {
    this.names = new Map();
  }

  /** Null: no such name at all (NXDOMAIN). An empty list: the name has other records. */
  find(name: string, type: DnsType): readonly string[] | null {
    const types = this.names.get(keyOf(name));
    return types === undefined ? null : (types.get(type) ?? []);
  }

  list(): DnsRecord[] {
    return [...this.names].flatMap(([name, types]) =>
      [...types].map(([type, values]) => ({ name, type, values })),
    );
  }

  restore(records: readonly DnsRecord[]): void {
    this.clear();
    for (const { name, type, values } of records) this.put(name, type, values);
  }
}
