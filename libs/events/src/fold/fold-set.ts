import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '#libs/crypto';
import type { Sql } from '#libs/database';
import { SystemInboxRepository, type InboxRow } from '../system-inbox.repository.js';
import { emailsToWrite, factsToStore } from './events-of.js';
import type { NewFact } from './fact-counter.js';
import type { Told } from './fact.js';
import { FollowFacts } from './follow-facts.js';
import { normalise } from './normalise.js';
import { sortRecords, type ReadRecord } from './sort-records.js';
import { SystemFoldRepository } from './system-fold.repository.js';

export interface FoldedSet {
  /** Records that were looked at. */
  taken: number;
  newFacts: readonly NewFact[];
  rejected: number;
  foreign: number;
  /** To wake, once it is committed. */
  webhookIds: readonly string[];
}

const nothing: FoldedSet = { taken: 0, newFacts: [], rejected: 0, foreign: 0, webhookIds: [] };

/** Why a record that PostgreSQL refuses is set aside. */
const UNSTORABLE = 'The event could not be stored.';

/**
 * Folds a set of records of one connection into emails, events, suppressions, counts and webhooks: one transaction of a few statements,
 * whatever the size of the set. Folding a record again changes nothing: its facts are known by their ids, and statuses only rise.
 */
@Injectable()
export class FoldSet {
  constructor(
    @Inject(SystemInboxRepository) private readonly inbox: SystemInboxRepository,
    @Inject(SystemFoldRepository) private readonly repository: SystemFoldRepository,
    @Inject(FollowFacts) private readonly follow: FollowFacts,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** @param isTold false: without webhooks, for a set that could not be stored with them */
  execute(connectionId: string, limit: number, isTold = true): Promise<FoldedSet> {
    return this.repository.transaction(async (sql) => {
      const { projectId, rows } = await this.inbox.take(sql, connectionId, limit);
      return projectId === undefined ? nothing : this.fold(sql, { connectionId, projectId }, rows, isTold);
    });
  }

  /** Sets the next record aside: PostgreSQL refuses what is in it. */
  reject(connectionId: string): Promise<void> {
    return this.repository.transaction(async (sql) => {
      const { rows } = await this.inbox.take(sql, connectionId, 1);
      const rejected = rows.map(({ id }) => ({ id, reason: UNSTORABLE }));
      await this.repository.finish(sql, { connectionId, doneIds: [], parked: [], rejected, foreign: 0 });
    });
  }

  private async fold(
    sql: Sql,
    { connectionId, projectId }: { connectionId: string; projectId: string },
    rows: readonly InboxRow[],
    isTold: boolean,
  ): Promise<FoldedSet> {
    const { records, rejected } = this.read(rows);
    const classic = records.filter(({ told }) => told.emailId === undefined && told.isClassic);
    const byMessageId = await this.repository.findByMessageId(
      sql,
      projectId,
      classic.map(({ told }) => told),
    );
    const emailIdOf = ({ emailId, isClassic, sesMessageId }: Told) =>
      emailId ?? (isClassic ? byMessageId.get(sesMessageId) : undefined);
    const ids = new Set(records.flatMap(({ told }) => emailIdOf(told) ?? []));
    const { emails, busy } = await this.repository.lockEmails(sql, projectId, [...ids]);
    const { matched, parked, foreignIds } = sortRecords(records, emailIdOf, emails, busy, this.clock.now());

    const storable = factsToStore(matched);
    const newIds = await this.repository.insertEvents(
      sql,
      projectId,
      storable.map(({ row }) => row),
    );
    const fresh = storable.filter(({ row }) => newIds.has(row.id));
    const { writes, settled } = emailsToWrite(projectId, matched);
    await this.repository.updateEmails(sql, projectId, writes);

    const found = { connectionId, projectId, fresh, settled };
    const { newFacts, webhookIds } = await this.follow.execute(sql, found, isTold);

    const left = new Set([...parked, ...rejected].map(({ id }) => id));
    const doneIds = rows.flatMap(({ id }) => (left.has(id) ? [] : [id]));
    const foreign = foreignIds.length;
    await this.repository.finish(sql, { connectionId, doneIds, parked, rejected, foreign });
    return { taken: rows.length, newFacts, rejected: rejected.length, foreign, webhookIds };
  }

  private read(rows: readonly InboxRow[]): {
    records: ReadRecord[];
    rejected: { id: string; reason: string }[];
  } {
    const records: ReadRecord[] = [];
    const rejected: { id: string; reason: string }[] = [];
    const now = this.clock.now();
    for (const { id, body, receivedAt } of rows) {
      const told = normalise(body, now);
      if ('unreadable' in told) rejected.push({ id, reason: told.unreadable });
      else records.push({ id, receivedAt, told });
    }
    return { records, rejected };
  }
}
