import { Inject, Injectable } from '@nestjs/common';
import {
  AuditLogRepository,
  type AuditFilter,
  type AuditPage,
  type SealedEntry,
} from './audit-log.repository.js';
import { emptyChain, faultOf, type AuditEntry, type ChainFault, type ChainHead } from './chain.js';
import { SealAudit } from './seal-audit.js';

const AT_ONCE = 1_000;
const MAX_FAULTS = 100;

/** With the person or key behind the actor, as they are called now; undefined for `system`, and for who is gone. */
export type NamedEntry = AuditEntry & { actorName: string | undefined };

export interface ChainReport {
  /** Places in the chain that were looked at. */
  checked: number;
  /** Of them, entries that retention has forgotten. */
  forgotten: number;
  /** The end of the chain: kept elsewhere, it proves that nothing before was rewritten. */
  head: ChainHead;
  /** The first hundred. */
  faults: { fault: ChainFault | 'entry_unsealed'; sequence: number | undefined; entryId: string }[];
}

/** The audit log of an organization: to look at, to take away, to check. */
@Injectable()
export class ReadAudit {
  constructor(
    @Inject(AuditLogRepository) private readonly log: AuditLogRepository,
    @Inject(SealAudit) private readonly seal: SealAudit,
  ) {}

  /** Newest first; `after` walks to older ones, `before` to newer. */
  async page(
    organizationId: string,
    filter: AuditFilter,
    page: AuditPage,
  ): Promise<{ hasMore: boolean; data: NamedEntry[] }> {
    const rows = await this.log.page(organizationId, filter, page);
    const data = rows.slice(0, page.limit);
    if (page.before !== undefined) data.reverse();
    const names = await this.log.names(organizationId, actorsOf(data));
    return {
      hasMore: rows.length > page.limit,
      data: data.map((entry) => ({ ...entry, actorName: names.get(entry.actor) })),
    };
  }

  /** Oldest first, with the seals and who it was; what was written until now is sealed first. */
  async *export(organizationId: string): AsyncGenerator<SealedEntry & { actorName: string | undefined }> {
    for await (const part of this.parts(organizationId)) {
      const entries = part.flatMap(({ entry }) => entry ?? []);
      const names = await this.log.names(organizationId, actorsOf(entries));
      yield* part.map((one) => ({
        ...one,
        actorName: one.entry === undefined ? undefined : names.get(one.entry.actor),
      }));
    }
  }

  private async *parts(organizationId: string): AsyncGenerator<SealedEntry[]> {
    await this.seal.all();
    for (let after = 0; ;) {
      const part = await this.log.chain(organizationId, after, AT_ONCE);
      yield part;
      const last = part.at(-1);
      if (last === undefined) return;
      after = last.seal.sequence;
    }
  }

  /** Walks the whole chain. */
  async verify(organizationId: string): Promise<ChainReport> {
    const report: ChainReport = { checked: 0, forgotten: 0, head: emptyChain, faults: [] };
    const note = (one: ChainReport['faults'][number]) => {
      if (report.faults.length < MAX_FAULTS) report.faults.push(one);
    };
    for await (const part of this.parts(organizationId))
      for (const { seal, entry } of part) {
        const fault = faultOf(report.head, seal, entry);
        if (fault !== undefined) note({ fault, sequence: seal.sequence, entryId: seal.entryId });
        else if (entry === undefined) report.forgotten += 1;
        report.checked += 1;
        report.head = seal;
      }
    for (const entryId of await this.log.strays(organizationId))
      note({ fault: 'entry_unsealed', sequence: undefined, entryId });
    return report;
  }
}

function actorsOf(entries: readonly AuditEntry[]): string[] {
  return [...new Set(entries.map(({ actor }) => actor))];
}
