import { Inject, Injectable } from '@nestjs/common';
import { AwsFailure, SesSuppressionList, type SesSuppressionReason } from '#libs/aws';
import { SessionBroker, type BrokeredSession } from '#libs/connections';
import { Clock } from '#libs/crypto';
import { AppError } from '#libs/errors';
import { Logger } from '#libs/telemetry';
import { ExplainSync, purposeOf } from './explain-sync.js';
import { ImportListed } from './import-listed.js';
import type { SyncProblem } from './suppression-sync.js';
import { nextCallMs, nextPassMs } from './sync-times.js';
import {
  SystemSuppressionSyncsRepository,
  type FollowedSync,
  type SyncRecord,
} from './system-suppression-syncs.repository.js';
import { TellAccount } from './tell-account.js';

/** SES's list shows an entry some time after its LastUpdateTime: each pass begins this much before the last one. */
const overlapMs = 10 * 60_000;
/** A pass this fresh is not repeated because a person has changed one address. */
const freshMs = 60_000;

/**
 * Job `suppressions.sync`: one look at the suppression list of an SES account. At most one call of each kind, as SES allows one a second;
 * what is left is done in the next look. Safe to run at any time and twice. Mail goes on whatever happens here.
 */
@Injectable()
export class SyncSuppressions {
  constructor(
    @Inject(SystemSuppressionSyncsRepository) private readonly syncs: SystemSuppressionSyncsRepository,
    @Inject(SessionBroker) private readonly broker: SessionBroker,
    @Inject(SesSuppressionList) private readonly list: SesSuppressionList,
    @Inject(ImportListed) private readonly importListed: ImportListed,
    @Inject(TellAccount) private readonly tellAccount: TellAccount,
    @Inject(ExplainSync) private readonly explain: ExplainSync,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  async execute({ connectionId }: { connectionId: string }): Promise<void> {
    const sync = await this.syncs.find(connectionId);
    if (sync === undefined) return;
    if (sync.isDisconnected) return this.syncs.drop(connectionId);
    // Kept apart, so that what was reached before a failure is not lost.
    const record: SyncRecord = { ...sync, syncAt: this.clock.now(), failures: 0, problem: null };
    let session: BrokeredSession | undefined;
    try {
      session = await this.broker.for(connectionId, purposeOf(sync.mode));
      const waitMs = await this.look(sync, session, record);
      record.problem = sandboxProblem(sync);
      record.syncAt = new Date(this.clock.nowMs() + waitMs);
    } catch (error) {
      const trouble = await this.explain.execute(sync, session, error);
      record.failures = sync.failures + 1;
      record.problem = trouble.problem;
      record.syncAt = new Date(this.clock.nowMs() + trouble.retryMs);
      // A token that SES does not take any more would be refused for ever.
      if (error instanceof AwsFailure && isTokenRefused(error))
        Object.assign(record, { passBeganAt: null, nextToken: null });
      this.logger.warn('suppression_sync.failed', {
        connectionId,
        code: error instanceof AwsFailure || error instanceof AppError ? error.code : undefined,
      });
    }
    await this.syncs.save(sync, record);
  }

  /** @returns milliseconds until the next look */
  private async look(sync: FollowedSync, session: BrokeredSession, record: SyncRecord): Promise<number> {
    if (this.isPassDue(sync)) await this.readPage(sync, session, record);
    if (record.nextToken !== null) return nextCallMs;
    // Only now: what the account lists itself was withdrawn from what it would be told.
    const hasMore =
      sync.mode === 'both' && (await this.tellAccount.execute(sync, session, record.suppressedReasons));
    return hasMore ? nextCallMs : nextPassMs(record.quietPasses, Math.random());
  }

  private isPassDue({ seenUntil, nextToken, syncedAt, pending }: FollowedSync): boolean {
    if (seenUntil === null || nextToken !== null || pending === 0 || syncedAt === null) return true;
    return this.clock.nowMs() - syncedAt.getTime() >= freshMs;
  }

  private async readPage(sync: FollowedSync, session: BrokeredSession, record: SyncRecord): Promise<void> {
    const now = this.clock.now();
    const passBeganAt = sync.passBeganAt ?? now;
    // GetAccount has its own limit of one call a second, which the checks of the connection use as well: asked again while unknown.
    if (sync.passBeganAt === null || sync.suppressedReasons === null)
      record.suppressedReasons = await this.readReasons(sync, session);
    const since = sync.seenUntil === null ? undefined : new Date(sync.seenUntil.getTime() - overlapMs);
    const page = await this.list.page(session, since, sync.nextToken ?? undefined);
    const imported = await this.importListed.execute(sync, page.items);
    if (imported > 0)
      this.logger.info('suppression_sync.imported', {
        projectId: sync.projectId,
        connectionId: sync.connectionId,
        imported,
      });
    if (page.nextToken !== undefined)
      return void Object.assign(record, { passBeganAt, nextToken: page.nextToken, quietPasses: 0 });
    const isQuiet = imported === 0 && sync.passBeganAt === null;
    const quietPasses = isQuiet ? sync.quietPasses + 1 : 0;
    Object.assign(record, {
      seenUntil: passBeganAt,
      passBeganAt: null,
      nextToken: null,
      syncedAt: now,
      quietPasses,
    });
  }

  /** For people, and for the reason of what is put: nothing fails without it. `configure` may not read the account, `send` may. */
  private async readReasons(
    { mode, connectionId, suppressedReasons }: FollowedSync,
    session: BrokeredSession,
  ): Promise<readonly SesSuppressionReason[] | null> {
    try {
      const reader = mode === 'import' ? session : await this.broker.for(connectionId, 'send');
      return await this.list.reasons(reader);
    } catch (error) {
      if (error instanceof AwsFailure || (error instanceof AppError && error.kind === 'unavailable'))
        return suppressedReasons;
      throw error;
    }
  }
}

function isTokenRefused({ operation, code }: AwsFailure): boolean {
  return (
    operation === 'ListSuppressedDestinations' &&
    (code === 'InvalidNextTokenException' || code === 'BadRequestException')
  );
}

/** What is put waits; what is taken in and deleted goes on. */
function sandboxProblem({ mode, productionAccess }: FollowedSync): SyncProblem | null {
  if (mode !== 'both' || productionAccess !== false) return null;
  return {
    code: 'ses_sandbox',
    detail:
      'The SES account is in the SES sandbox, where PutSuppressedDestination is refused. What Sesame suppresses waits until the account has production access.',
    remedy: 'Request production access for SES in this region, then run the checks of the connection.',
  };
}
