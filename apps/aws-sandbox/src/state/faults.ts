/** The simulated services, by the name they are signed with. */
export const SERVICE_NAMES = ['sts', 'ses', 'sns', 'sqs', 'events'] as const;

export type ServiceName = (typeof SERVICE_NAMES)[number];

export const FAULT_KINDS = [
  'throttle',
  'daily_quota',
  'latency',
  'error_500',
  'error_500_after',
  'lost_response',
  'expired_token',
  'access_denied',
  'connection_reset',
  'malformed_json',
  'concurrent_modification',
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly service: ServiceName;
  /** An operation name as in the API, or `*`. */
  readonly action: string;
  readonly account?: string | undefined;
  readonly kind: FaultKind;
  readonly latency_ms?: number | undefined;
  readonly probability?: number | undefined;
  /** How many more times it fires; absent = without end. */
  readonly count?: number | undefined;
}

interface ActiveFault {
  readonly fault: Fault;
  remaining: number;
  fired: number;
}

/** The faults in force, in the order given. Latency adds to whatever else matches; of the others the first one wins. */
export class Faults {
  private active: ActiveFault[] = [];

  constructor(private readonly random: () => number = Math.random) {}

  replace(faults: readonly Fault[]): void {
    this.active = faults.map((fault) => ({ fault, remaining: fault.count ?? Infinity, fired: 0 }));
  }

  list(): (Fault & { fired: number })[] {
    return this.active.map(({ fault, remaining, fired }) => ({
      ...fault,
      ...(remaining === Infinity ? {} : { count: remaining }),
      fired,
    }));
  }

  /** `accounts`: every account the call concerns (for AssumeRole the role's and the caller's). */
  take(
    service: ServiceName,
    action: string,
    accounts: readonly string[],
  ): { latencyMs: number; kind: FaultKind | null } {
    let latencyMs = 0;
    let kind: FaultKind | null = null;
    for (const entry of this.active) {
      const { fault } = entry;
      if (entry.remaining <= 0 || fault.service !== service) continue;
      if (fault.action !== '*' && fault.action !== action) continue;
      if (fault.account !== undefined && !accounts.includes(fault.account)) continue;
      if (fault.kind !== 'latency' && kind !== null) continue;
      if (fault.probability !== undefined && this.random() >= fault.probability) continue;
      entry.remaining--;
      entry.fired++;
      latencyMs += fault.latency_ms ?? 0;
      if (fault.kind !== 'latency') kind = fault.kind;
    }
    return { latencyMs, kind };
  }
}
