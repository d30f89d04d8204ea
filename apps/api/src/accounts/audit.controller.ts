import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import { Organizations, ReadAudit, type AuditEntry, type Principal, type SealedEntry } from '#libs/accounts';
import { Allow, Caller } from '../http/access.js';
import { Answers, AnswersFile } from '../http/answers.js';
import { toPage } from '../http/page.js';
import { auditListSchema, auditPageSchema, auditReportSchema } from './audit.schemas.js';
import { cloudTrailOf } from './cloudtrail.js';

/** Who did what: appended, chained by hashes, never changed. */
@ApiTags('Audit')
@ApiBearerAuth()
@Allow('administer')
@Controller('v1/audit')
export class AuditController {
  constructor(
    @Inject(ReadAudit) private readonly audit: ReadAudit,
    @Inject(Organizations) private readonly organizations: Organizations,
  ) {}

  /** Newest first. A project's key sees its own project. */
  @Get()
  @Answers(200, auditListSchema)
  async list(
    @Caller() caller: Principal,
    @Query({ schema: auditPageSchema }) query: z.infer<typeof auditPageSchema>,
  ) {
    const { actor, action, target } = query;
    const projectId = caller.projectId ?? query.project_id;
    const { hasMore, data } = await this.audit.page(
      caller.organizationId,
      { projectId, actor, action, target },
      toPage(query),
    );
    return {
      object: 'list',
      has_more: hasMore,
      data: data.map((entry) => ({
        ...present(entry),
        actor_name: entry.actorName ?? null,
        cloudtrail: cloudTrailOf(entry),
      })),
    };
  }

  /** All of it as JSON lines, oldest first, with the hashes: enough to check the chain elsewhere. */
  @Get('export')
  @AnswersFile('application/x-ndjson')
  async export(@Caller() caller: Principal) {
    const { id } = await this.organizations.get(caller, caller.organizationId);
    return new StreamableFile(Readable.from(lines(this.audit.export(id))), {
      type: 'application/x-ndjson; charset=utf-8',
      disposition: 'attachment; filename="audit.jsonl"',
    });
  }

  /** Walks the whole chain and says where it is broken. */
  @Get('verify')
  @Answers(200, auditReportSchema)
  async verify(@Caller() caller: Principal) {
    const { id } = await this.organizations.get(caller, caller.organizationId);
    const { checked, forgotten, head, faults } = await this.audit.verify(id);
    return {
      object: 'audit_report',
      valid: faults.length === 0,
      checked,
      forgotten,
      head: { sequence: head.sequence, hash: head.hash.toString('hex') },
      faults: faults.map(({ fault, sequence, entryId }) => ({
        fault,
        sequence: sequence ?? null,
        entry_id: entryId,
      })),
    };
  }
}

async function* lines(chain: AsyncIterable<SealedEntry & { actorName: string | undefined }>) {
  for await (const { seal, entry, actorName } of chain) {
    const line = {
      sequence: seal.sequence,
      hash: seal.hash.toString('hex'),
      entry_hash: seal.entryHash.toString('hex'),
      forgettable: seal.isForgettable,
      // Beside the entry, which the hash is about: names change.
      actor_name: actorName ?? null,
      // Null: forgotten by retention.
      entry: entry === undefined ? null : { organization_id: entry.organizationId, ...present(entry) },
    };
    yield `${JSON.stringify(line)}\n`;
  }
}

function present(entry: AuditEntry) {
  return {
    object: 'audit_entry',
    id: entry.id,
    project_id: entry.projectId,
    actor: entry.actor,
    action: entry.action,
    target: entry.target,
    data: entry.data,
    at: entry.at,
  };
}
